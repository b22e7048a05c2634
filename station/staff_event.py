"""What people do at the till beside selling, as the journal keeps it: sign in, sign out, open the drawer, train."""

from dataclasses import dataclass
from enum import StrEnum

MOST_NOTE = 100


class StaffDeed(StrEnum):
    """What happened. The entry's actor did it; its approver helped where one was needed."""

    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    LOCKED = "LOCKED"
    REFUSED = "REFUSED"
    LET_IN = "LET_IN"
    PIN_CHOSEN = "PIN_CHOSEN"
    DRAWER_OPENED = "DRAWER_OPENED"
    TRAINING_BEGUN = "TRAINING_BEGUN"


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """``deed`` concerning ``person`` (a staff id); ``note`` is why, where somebody must say why.

    ``wrong`` counts the wrong PINs in a row that REFUSED ends.
    """

    deed: StaffDeed
    person: str
    wrong: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a drawer opened without a reason, a refusal without a try, or too long a note."""
        if self.deed is StaffDeed.DRAWER_OPENED and not self.note.strip():
            message = "a drawer opened without a sale needs a reason"
            raise ValueError(message)
        if (self.deed is StaffDeed.REFUSED) != (self.wrong > 0):
            message = f"{self.deed.value} after {self.wrong} wrong PINs"
            raise ValueError(message)
        if len(self.note) > MOST_NOTE:
            message = f"a note has at most {MOST_NOTE} characters"
            raise ValueError(message)
