"""What people read: sentences by language, as data."""
