"""How pages are fetched: the wire recorder, its doors, and what happens to a capture next."""
