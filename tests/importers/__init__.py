"""Imports: the plain format, and real rolls."""
