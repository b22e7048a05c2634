"""The drawer opened without a sale: for a reason, in the name of who asks; a cashier needs a second person. No Qt."""

from collections.abc import Callable

from station.approval import Approval, Operation, OperationKind
from station.clock import Clock
from station.errors import StationError
from station.people import Role
from station.sign_in import reaches
from station.staff_desk import StaffDesk
from ui.presenters.at_till import AtTill
from ui.text import Words, mark

REASONS = (mark("Change is needed"), mark("Cash is checked"), mark("The drawer was shut by mistake"))
"""What a drawer is opened for; the English sentence is what the journal keeps."""

Ask = Callable[[Operation, str, Callable[[Approval], None]], None]


class DrawerKey:
    """Lives on the screen's thread; raises no ``StationError``: it goes to ``tell``."""

    def __init__(
        self, desk: StaffDesk, at_till: AtTill, clock: Clock, kick: Callable[[], None], tell: Callable[[StationError], None],
    ) -> None:
        """``kick`` opens the drawer, after the journal has the reason."""
        self._desk = desk
        self._at_till = at_till
        self._clock = clock
        self._kick = kick
        self._tell = tell

    def open(self, reason: str, words: Words, ask: Ask) -> None:
        """Open the drawer for one of ``REASONS``; ``ask`` asks a second person where one is needed."""
        actor = self._at_till.actor
        if reaches(actor.role, Role.SENIOR):
            self._do(lambda: self._desk.open_drawer(reason, actor, None))
            return
        operation = Operation(OperationKind.DRAWER, actor, reason, needs=Role.SENIOR)
        what = words("The drawer is opened without a sale: {reason}", reason=words(reason))
        ask(operation, what, lambda approval: self._do(lambda: self._desk.open_drawer(
            reason, actor, approval.use(operation, self._clock.now().utc_us))))

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StationError as fault:
            self._tell(fault)
            return
        self._kick()
