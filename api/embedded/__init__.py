"""The private PostgreSQL."""
