"""Rules and aggregates."""
