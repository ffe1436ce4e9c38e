"""Properties for all inputs."""
