"""Signed PDFs."""
