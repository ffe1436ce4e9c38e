"""The chapters of the year, a month a file; each gives its dated events."""
