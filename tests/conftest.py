"""Fixtures for all tests; what needs a server is in the kit."""

pytest_plugins = ["tests.kit.postgres", "tests.kit.settled", "tests.kit.shown"]
