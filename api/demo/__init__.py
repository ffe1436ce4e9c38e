"""The demo: fictional institution, demo keys, and the story that shows it."""
