"""The core: signed acts, their log, their rules. No HTTP, no HTML, no read models."""
