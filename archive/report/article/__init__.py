"""What a document says: decoded, taken apart, its article's text and sections."""
