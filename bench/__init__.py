"""What is measured and printed as JSON, each against a peer in the same run."""
