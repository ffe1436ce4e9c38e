"""One area a file."""
