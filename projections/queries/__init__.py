"""What registries answer: typed questions, objects as the API shows them."""

from projections.queries.base import Filters, Listing, Object, Window, reading

__all__ = ["Filters", "Listing", "Object", "Window", "reading"]
