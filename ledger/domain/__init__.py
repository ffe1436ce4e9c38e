"""One aggregate a file: state, check, evolve."""
