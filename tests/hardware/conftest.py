"""Leaves the tests on real readers out where none is named, and says so."""

import pytest

REASON = "hardware tests left out: name a card reader with --reader PATH (stationctl readers lists them)"
_left_out = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what needs a reader: a skip would fail on CI, where there is none."""
    if config.getoption("--reader"):
        return
    kept = [item for item in items if item.get_closest_marker("hardware") is None]
    left_out = [item for item in items if item.get_closest_marker("hardware") is not None]
    if left_out:
        items[:] = kept
        config.stash[_left_out] = len(left_out)
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out, and why."""
    if count := config.stash.get(_left_out, 0):
        terminalreporter.write_line(f"{count} {REASON}")
