"""HTTP, command line and processes."""
