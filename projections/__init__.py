"""Registries: read models rebuilt from entries."""
