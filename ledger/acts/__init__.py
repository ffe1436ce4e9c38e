"""What officers sign: the closed registry of act types."""
