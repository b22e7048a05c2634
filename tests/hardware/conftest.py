"""Leaves the tests on real readers out where none is named, and says so."""

import pytest

from tests.rigs import workers

REASON = "hardware tests left out: name a card reader with --reader PATH (stationctl readers lists them)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what needs a reader: a skip would fail on CI, where there is none."""
    if config.getoption("--reader"):
        return
    kept = [item for item in items if item.get_closest_marker("hardware") is None]
    left_out = [item for item in items if item.get_closest_marker("hardware") is not None]
    if left_out:
        items[:] = kept
        if workers.is_first(config):
            workers.tell("left out", f"{len(left_out)} {REASON}")
        config.hook.pytest_deselected(items=left_out)
