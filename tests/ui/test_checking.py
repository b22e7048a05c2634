"""The check beside the screen: how far it is, what it found, and that it can be ended and begun anew."""

from collections.abc import Iterator
from threading import Event

import pytest

from station.errors import ErrorCode, StationError
from ui.checking import MOST_FAULTS, Check, CheckStage, CheckState, DatabaseCheck, Step

ENDED_US = 7
WAIT_S = 10.0


class Watched:
    """A check and every state it told."""

    def __init__(self, check: Check) -> None:
        self.told: list[CheckState] = []
        self.done = Event()
        self.check = DatabaseCheck(check, self._tell, lambda: ENDED_US)

    def _tell(self, state: CheckState) -> None:
        self.told.append(state)
        if not state.running:
            self.done.set()

    def run(self) -> CheckState:
        self.done.clear()
        self.check.start()
        assert self.done.wait(WAIT_S)
        assert self.check.close(WAIT_S)
        return self.check.state


def sound(step: Step) -> Iterator[str]:
    step(0, 2)
    step(2, 2)
    yield from ()


def test_a_sound_file_is_told_page_by_page() -> None:
    watched = Watched(sound)
    assert watched.run() == CheckState(CheckStage.SOUND, 2, 2, ended_us=ENDED_US)
    assert [(state.stage, state.done) for state in watched.told] == [
        (CheckStage.FILE, 0), (CheckStage.ENTRIES, 0), (CheckStage.ENTRIES, 2), (CheckStage.SOUND, 2)]


def test_faults_are_counted_and_the_first_are_kept() -> None:
    found = MOST_FAULTS + 5
    state = Watched(lambda _step: (f"fault {number}" for number in range(found))).run()
    assert (state.stage, state.found, len(state.faults), state.faults[0]) == (
        CheckStage.FAULTY, found, MOST_FAULTS, "fault 0")


@pytest.mark.parametrize(("error", "code"), [
    (StationError(ErrorCode.DISK_FAULT), ErrorCode.DISK_FAULT), (RuntimeError("a bug"), None)])
def test_a_check_that_cannot_go_on_says_so(error: Exception, code: ErrorCode | None) -> None:
    def broken(_step: Step) -> Iterator[str]:
        yield "one fault"
        raise error

    state = Watched(broken).run()
    assert (state.stage, state.error, state.found) == (CheckStage.FAILED, code, 1)


@pytest.mark.parametrize("with_faults", [False, True])
def test_it_ends_when_asked_and_can_begin_anew(*, with_faults: bool) -> None:
    begun, go_on = Event(), Event()

    def slow(step: Step) -> Iterator[str]:
        step(0, 9)
        begun.set()
        go_on.wait(WAIT_S)
        if with_faults:
            yield "a fault after it was asked to end"
        step(5, 9)
        yield "never reached while it is to end"

    watched = Watched(slow)
    watched.check.start()
    assert begun.wait(WAIT_S)
    watched.check.start()  # it is running: nothing happens
    watched.check.cancel()
    assert watched.check.state.stopping
    go_on.set()
    assert watched.done.wait(WAIT_S)
    assert watched.check.close(WAIT_S)
    state = watched.check.state
    assert (state.stage, state.stopping, state.found, state.done) == (CheckStage.STOPPED, False, 0, 0)
    assert watched.run().stage is CheckStage.FAULTY


def test_without_a_run_there_is_nothing_to_end() -> None:
    watched = Watched(sound)
    watched.check.cancel()
    assert watched.check.close(0)
    assert watched.told == []
    assert watched.check.state.stage is CheckStage.NEVER
