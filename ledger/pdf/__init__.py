"""Signatures in a PDF: the one form in which they are appended, and what is left when they are taken off again."""
