"""What the window asks of the program around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.look import Look
from ui.presenters.drawer_key import DrawerKey
from ui.presenters.member_cards import MemberParts
from ui.qt.back_office import Rooms
from ui.qt.staff_gate import StaffParts
from ui.qt.tool import Maker
from ui.text import Words
from ui.views import CheckoutView


@dataclass(frozen=True, slots=True)
class Services:
    """What the window asks of the program around it.

    ``rooms`` are the pages behind the counter, ``reprint`` prints the
    last receipt again (it may raise ``StationError``), ``look_changed`` remembers a new look,
    ``shown`` gets what the cashier sees, for the customer's side, ``send_now`` ends any rest of the
    exchange with head office, ``give_card`` opens the dialog for the member's new card (None: no cards
    are made here), ``members`` is what is done with members beside selling (None: there are none), ``staff``
    who may sign in (None: nobody is asked who it is), ``phone_link`` makes the address by which a
    phone becomes a member's card, ``door`` is told when the till was locked (True) or
    opened, ``drawer`` opens the drawer without a sale (None: there is none), ``tools`` make
    what else the counter can do, ``band`` (to be translated) stands over everything where all of it is not real.
    """

    rooms: Rooms
    reprint: Callable[[], None]
    look_changed: Callable[[Look], None]
    shown: Callable[[CheckoutView], None] = lambda _view: None
    send_now: Callable[[], None] = lambda: None
    give_card: Callable[[Words], None] | None = None
    members: MemberParts | None = None
    staff: StaffParts | None = None
    phone_link: Callable[[str], str] | None = None
    door: Callable[[bool], None] = lambda _locked: None
    drawer: DrawerKey | None = None
    tools: Sequence[Maker] = ()
    band: str = ""
