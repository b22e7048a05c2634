"""Fixtures of the driver tests."""

from tests.rigs.fixtures import card, pcsc

__all__ = ["card", "pcsc"]
