"""PINs chosen at the counter go up once."""

from dataclasses import dataclass, field

from station.people import ChosenPin
from sync.pins import pins_step
from sync.wire_feeds import NewPin, PinKept

ALI = ChosenPin("s1", "verifier", "a" * 64)


@dataclass
class Pins:
    """Chosen PINs in memory."""

    waiting: list[ChosenPin] = field(default_factory=list)
    answers: list[tuple[str, bool]] = field(default_factory=list)

    def chosen(self) -> list[ChosenPin]:
        return list(self.waiting)

    def told(self, chosen: ChosenPin, *, kept: bool) -> None:
        self.waiting.remove(chosen)
        self.answers.append((chosen.staff_id, kept))


@dataclass
class Office:
    """A head office that keeps the PINs of some."""

    keeps: frozenset[str] = frozenset({"s1"})
    asked: list[NewPin] = field(default_factory=list)

    def new_pin(self, chosen: NewPin) -> PinKept:
        self.asked.append(chosen)
        return PinKept(kept=chosen.staff_id in self.keeps)


def test_what_was_chosen_goes_up_and_its_answer_is_kept() -> None:
    pins, office = Pins([ALI, ChosenPin("s2", "other", "b" * 64)]), Office()
    assert not pins_step(pins, office)
    assert pins.answers == [("s1", True), ("s2", False)]
    assert office.asked[0] == NewPin(staff_id="s1", pin="verifier", replaces="a" * 64)
    assert not pins_step(pins, office)
    assert len(office.asked) == 2
