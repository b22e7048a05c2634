"""The slot of the night and the pauses after faults: worked by hand, and spread as they should be."""

import hashlib
import itertools
import random

import pytest

from sync.slots import DAY_US, NIGHT_S, US, BackOff, Night, next_slot, slot

MIDNIGHT_US = 1_764_115_200 * US
"""2025-11-26T00:00:00Z."""

HALF_PAST_TEN_PM_US = 81_000 * US


def test_a_slot_is_the_start_of_the_window_and_a_hash_of_station_and_day() -> None:
    rest = int(hashlib.sha256(b"12-1 2025-11-26").hexdigest(), 16) % 3_600_000_000
    assert slot("12-1", "2025-11-26", MIDNIGHT_US, 3600) == MIDNIGHT_US + rest


def test_slots_are_spread_evenly_and_another_one_every_day() -> None:
    tenths = [0] * 10
    for number in range(5000):
        tenths[slot(f"{number}-1", "2025-11-26", 0, 3600) // (360 * US)] += 1
    assert all(400 < count < 600 for count in tenths), tenths
    assert len({slot("12-1", f"2025-11-{day:02}", 0, 3600) for day in range(1, 31)}) == 30


@pytest.mark.parametrize("now_us", [
    MIDNIGHT_US, MIDNIGHT_US + HALF_PAST_TEN_PM_US, MIDNIGHT_US + DAY_US - 1, MIDNIGHT_US + 3600 * US])
def test_the_next_slot_lies_ahead_in_a_window_and_no_other_between(now_us: int) -> None:
    for station in ("12-1", "12-2", "9-1", "77-3"):
        found = next_slot(station, now_us)
        assert now_us < found <= now_us + 2 * DAY_US
        assert 0 <= (found - HALF_PAST_TEN_PM_US) % DAY_US < NIGHT_S * US
        assert next_slot(station, found - 1) == found
        assert found < next_slot(station, found) <= found + DAY_US + NIGHT_S * US


def test_pauses_are_drawn_up_to_a_limit_that_doubles_once_it_rested_for_fifteen_seconds() -> None:
    chances = iter([0.0, 0.999, 0.5, 0.5, 0.5, 0.999, 0.999, 0.5, 0.5, 0.5, 0.25])
    pause = BackOff(lambda: next(chances))
    short = [pause.failed(None) for _ in range(7)]
    assert short == pytest.approx([0, 2.997, 1.5, 1.5, 1.5, 2.997, 2.997])
    # 13.491 s, with the next pause 14.991 s, and only with the one after that more than 15 s
    assert [pause.failed(None) for _ in range(4)] == [1.5, 1.5, 3, 3]


def test_a_head_office_that_is_back_within_fifteen_seconds_is_found_within_three() -> None:
    """Whatever the chance: no pause that begins in time is longer."""
    for seed in range(200):
        pause, now = BackOff(random.Random(seed).random), 0.0  # noqa: S311 - chance that can be had again
        while now < 15:
            rest = pause.failed(None)
            assert rest < 3
            now += rest


def test_a_success_begins_the_count_anew() -> None:
    pause = BackOff(lambda: 0.5)
    assert [pause.failed(None) for _ in range(12)] == [1.5] * 10 + [3, 6]
    assert pause.resting
    pause.succeeded()
    assert not pause.resting
    assert pause.failed(None) == 1.5


def test_a_line_that_fails_and_recovers_all_day_gets_long_pauses_when_the_budget_is_spent() -> None:
    pause = BackOff(lambda: 0.5)
    pauses = []
    for _ in range(20):
        pauses.append(pause.failed(None))
        pause.succeeded()
    # ten begin anew, an eleventh for the ten successes; then they double, however short they were
    assert pauses == [1.5] * 13 + [3, 6, 12, 24, 48, 96, 192]


def test_ten_successes_buy_a_new_beginning() -> None:
    pause = BackOff(lambda: 0.5)
    for _ in range(14):
        pause.failed(None)
        pause.succeeded()
    assert pause.failed(None) == 6
    for _ in range(10):
        pause.earn()
    pause.succeeded()
    assert pause.failed(None) == 1.5


@pytest.mark.parametrize(("asked", "chance", "rests"), [(100, 0.0, 100), (100, 0.5, 110), (0, 0.5, 1.1), (7, 0.0, 7)])
def test_what_was_asked_for_is_never_undercut(asked: int, chance: float, rests: float) -> None:
    assert BackOff(lambda: chance).failed(asked) == pytest.approx(rests)


class Clock:
    """Seconds in the test's hand."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_without_a_slot_nothing_waits_and_no_night_comes() -> None:
    night = Night(Clock())
    assert not night.comes()
    assert not night.holds(1_000_000)
    night.told(None, 7)
    assert (night.comes(), night.holds(1_000_000)) == (False, False)


def test_the_slot_comes_once_each_night_by_head_offices_clock() -> None:
    clock = Clock()
    night = Night(clock)
    night.told(900 * US, 800 * US)
    assert (night.left(), night.comes()) == (100, False)
    clock.now += 100
    assert [night.comes(), night.comes()] == [True, False]
    assert night.left() == 86_400
    clock.now += 3 * 86_400  # it slept over two nights
    assert [night.comes(), night.comes()] == [True, False]


def test_a_large_backlog_is_held_until_its_slot_and_then_goes_to_its_end() -> None:
    clock = Clock()
    night = Night(clock)
    night.told(900 * US, 800 * US)
    assert [night.holds(count) for count in (5000, 5001)] == [False, True]
    clock.now += 101
    assert night.comes()
    night.told(90_000 * US, 901 * US)  # a fault, HELLO, and head office names tomorrow's
    assert [night.holds(count) for count in (9000, 5001, 5000, 6000)] == [False, False, False, True]


def test_a_person_does_not_wait_for_the_night() -> None:
    night = Night(Clock())
    night.told(900 * US, 800 * US)
    night.hurry()
    assert not any(itertools.starmap(night.holds, [(9000,), (6000,)]))
