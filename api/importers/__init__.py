"""Plain-format import and converters."""
