"""PINs chosen at the counter go up: head office keeps them, or says that it set another meanwhile."""

from typing import Protocol

from station.ports import ChosenPins
from sync.wire_feeds import NewPin, PinKept


class PinOffice(Protocol):
    """The part of head office that takes PINs."""

    def new_pin(self, chosen: NewPin) -> PinKept:
        """Hand up a PIN that somebody chose here."""
        ...


def pins_step(pins: ChosenPins, office: PinOffice) -> bool:
    """Hand up what was chosen here. Returns False: nothing waits after it. Raises ``StationError`` 5xx."""
    for each in pins.chosen():
        answer = office.new_pin(NewPin(staff_id=each.staff_id, pin=each.verifier, replaces=each.replaces))
        pins.told(each, kept=answer.kept)
    return False
