"""Numbered SQL, applied once."""
