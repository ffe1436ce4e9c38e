"""Who notices what."""
