"""Into training and out of it, with a manager: the program begins anew over the other files."""

from collections.abc import Callable, Sequence

from station.approval import Operation, OperationKind
from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from ui.qt.tool import Entry, Quiet, Section, Till
from ui.text import mark


class TrainingTool(Quiet):
    """Into ``training``; or, when this is training, out of it, or into a new one that is empty.

    A basket in hand comes first.
    """

    def __init__(
        self, till: Till, turn: Callable[[bool], None], note: Callable[[Actor | None], None], *, training: bool,
    ) -> None:
        """``turn`` ends the program's round and begins one of training (True) or a real one.

        ``note`` writes down beforehand who approved that training begins.
        """
        self._till, self._turn, self._note = till, turn, note
        self._training = training

    def entries(self) -> Sequence[Entry]:
        """Return what can be done about training here."""
        if not self._training:
            return (Entry(mark("Begin training"), lambda: self._ask(into=True), Section.MANAGER),)
        return (
            Entry(mark("End training"), lambda: self._ask(into=False), Section.MANAGER),
            Entry(mark("Empty the training and begin anew"), lambda: self._turn(True), Section.MANAGER))

    def _ask(self, *, into: bool) -> None:
        """Raise ``StationError`` BASKET_IN_HAND while there is one; else go once a manager agrees."""
        till = self._till
        basket = till.desk.counter.basket
        if basket and basket.lines:
            raise StationError(ErrorCode.BASKET_IN_HAND)
        who = till.desk.at_till.actor
        operation = Operation(OperationKind.TRAINING, who, "begin" if into else "end", needs=Role.MANAGER)
        what = self.words("Training begins at this till: nothing is sold for real until it ends.") if into else self.words(
            "Training ends at this till: from then on all is sold for real.")

        def agreed(approver: Actor | None) -> None:
            if into:
                self._note(approver)
            self._turn(into)

        till.approved(operation, what, agreed)
