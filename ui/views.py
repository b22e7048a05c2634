"""What the counter's screens show: frozen values of finished text, made by presenters, drawn by Qt."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a coloured patch means; the words in it say the same without the colour."""

    NEUTRAL = "neutral"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Chip:
    """A short status with its ``tone``; ``hint`` says more where there is room (a tooltip)."""

    text: str
    tone: Tone
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """One row of the basket. ``line`` is the basket's line number."""

    line: int
    name: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """The member at the counter. ``gains`` are the standing discounts of the tier.

    ``proof`` is the honest label of the card that was shown, "" without one; ``doubt`` says why it
    proved no more, or is "". ``messages`` are for this member: answers that wait (``answers``: there are
    any, and first), the birthday, offers made for some.
    """

    name: str
    tier: Chip
    phone: str
    last_visit: str
    points: str
    gains: str
    proof: str = ""
    doubt: str = ""
    messages: tuple[str, ...] = ()
    answers: bool = False


@dataclass(frozen=True, slots=True)
class FoundMember:
    """One answer of the member search."""

    member_id: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class SumView:
    """One row of the sums: what, and how much with its unit."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class TotalsView:
    """The sums of the basket in the order of the calculation; ``earns`` is "" without a member.

    ``joining`` says what a customer without membership would have gained, or ""; ``tempts`` what a
    little more would bring, the nearest first.
    """

    rows: tuple[SumView, ...]
    total: str
    earns: str
    joining: str = ""
    tempts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BannerView:
    """News of the last action. ``big`` is set in large type: the change to hand back.

    ``more`` is said below in small type; ``undo`` offers to take the action back, ``again`` the receipt once more.
    ``fault`` is what went wrong beside it, while that is still being acted on.
    """

    tone: Tone
    text: str
    big: str = ""
    undo: bool = False
    more: str = ""
    again: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CashView:
    """A quick cash button: its wording and the ``amount`` handed over, in minor units."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class TakenView:
    """A tender that was taken before the sale closes: what it is, and its amount with the unit."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class PayView:
    """The payment being taken. ``problem`` is the sentence of what was refused last, or "".

    ``total`` is to be paid; ``rest`` what remains of it once something is ``taken``, "" before.
    ``means`` is the one that is being taken (``TenderKind.value``), ``can`` are those there are.
    ``amount`` is what its field begins with, digits in ``unit`` alone; ``account`` names whose money
    it is, and ``source`` how much of it can be spent and who says so. ``offers`` say what one means
    of payment would bring.
    """

    total: str
    unit: str
    cash: tuple[CashView, ...]
    problem: str
    offers: tuple[str, ...] = ()
    rest: str = ""
    taken: tuple[TakenView, ...] = ()
    means: str = "CASH"
    can: tuple[str, ...] = ()
    amount: str = ""
    account: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """The whole checkout. ``selected`` is a line number; ``times`` the quantity for the next scan.

    ``unit`` names the money unit of the basket's columns; ``pay`` is None while nothing is paid.
    """

    lines: tuple[LineView, ...]
    selected: int | None
    count: str
    unit: str
    times: str
    member: MemberView | None
    totals: TotalsView
    banner: BannerView | None
    pay: PayView | None

    @property
    def can_pay(self) -> bool:
        """Whether there is anything to be paid."""
        return bool(self.lines)


@dataclass(frozen=True, slots=True)
class StatusView:
    """The top bar.

    ``data`` is None unless something about the station's files concerns the cashier, ``members``
    before the member book was looked at and where none is kept, ``printer``, ``clock`` and ``rules``
    before anything is known of them. Those three are shown only when they are not in order. ``time`` is
    what of ``moment`` is shown where there is no room for the date.
    """

    shop: str
    cashier: str
    shift: Chip
    moment: str
    sync: Chip
    readers: Chip
    data: Chip | None = None
    members: Chip | None = None
    printer: Chip | None = None
    clock: Chip | None = None
    rules: Chip | None = None
    time: str = ""
