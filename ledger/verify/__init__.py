"""Offline verifier: no database, no network."""
