"""The drawer opened without a sale: for a reason, in the name of who asks; a cashier needs a second person. No Qt."""

from collections.abc import Callable

from station.approval import Operation, OperationKind
from station.errors import StationError
from station.people import Actor, Role
from station.staff_desk import StaffDesk
from ui.presenters.at_till import AtTill
from ui.text import Words, mark

REASONS = (mark("Change is needed"), mark("Cash is checked"), mark("The drawer was shut by mistake"))
"""What a drawer is opened for; the English sentence is what the journal keeps."""

Approved = Callable[[Operation, str, Callable[[Actor | None], None]], None]


class DrawerKey:
    """Lives on the screen's thread; raises no ``StationError``: it goes to ``tell``."""

    def __init__(
        self, desk: StaffDesk, at_till: AtTill, kick: Callable[[], None], tell: Callable[[StationError], None],
    ) -> None:
        """``kick`` opens the drawer, after the journal has the reason."""
        self._desk = desk
        self._at_till = at_till
        self._kick = kick
        self._tell = tell

    def open(self, reason: str, words: Words, approved: Approved) -> None:
        """Open the drawer for one of ``REASONS``, once it is ``approved`` where a second person is needed."""
        actor = self._at_till.actor
        operation = Operation(OperationKind.DRAWER, actor, reason, needs=Role.SENIOR)
        what = words("The drawer is opened without a sale: {reason}", reason=words(reason))
        approved(operation, what, lambda approver: self._do(lambda: self._desk.open_drawer(reason, actor, approver)))

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StationError as fault:
            self._tell(fault)
            return
        self._kick()
