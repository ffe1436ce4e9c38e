"""The private PostgreSQL: a wheel's binaries under a manager of our own."""

from api.embedded.errors import EmbeddedPostgresError
from api.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]
