"""The time limit for calls that know none."""

from threading import Event

import pytest

from drivers.watchdog import within


def test_result_and_fault_of_the_work_come_through() -> None:
    assert within(5, lambda: 7) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        within(5, lambda: int("not a number"))


def test_work_that_does_not_return_is_given_up() -> None:
    release = Event()
    with pytest.raises(TimeoutError):
        within(0.01, release.wait)
    release.set()
