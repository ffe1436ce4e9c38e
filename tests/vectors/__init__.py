"""Published vectors."""
