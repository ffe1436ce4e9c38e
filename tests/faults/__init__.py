"""Crashes."""
