"""What the page for returns shows, as frozen values in one language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundSale:
    """A line of the list of sales: what is at ``place``, in words; ``note`` says what went back of it, or ""."""

    place: int
    number: str
    moment: str
    who: str
    total: str
    note: str


@dataclass(frozen=True, slots=True)
class FindView:
    """Looking for the sale: the days looked at, what was found, and what went wrong."""

    days: str
    found: tuple[FoundSale, ...]
    said: str
    problem: str
    unit: str


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line of goods: the ``cells`` beside its name, the last being how many come back; ``note`` under the name."""

    line: int
    name: str
    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name, and in ``note`` the reason for it, or ""."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that has to be typed: the trace number for tender ``index`` of the sale."""

    index: int
    label: str


@dataclass(frozen=True, slots=True)
class GoodsView:
    """Which goods come back, and what that comes to.

    ``headers`` name the columns; the first is the goods'. ``selected`` is the line that keys act on, None
    without lines. ``money`` goes back, by the ``facts`` and with the reasons in them; ``notes`` are
    sentences. ``reasons`` are to be chosen from (empty: none is asked for), ``reason`` is the one
    chosen. With ``whole`` nothing can be chosen: all of it comes back. ``act`` is what the button says. Where the number of a ``receipt`` is asked for, it is the one so far.
    """

    heading: str
    caption: str
    headers: tuple[str, ...]
    lines: tuple[GoodsLine, ...]
    selected: int | None
    nothing: str
    money_label: str
    money: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    asked: tuple[Asked, ...]
    reasons: tuple[tuple[str, str], ...]
    reason: str
    act: str
    ready: bool
    problem: str
    whole: bool = False
    receipt_asked: bool = False
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class DoneView:
    """What was given back: ``money`` large, by tender, and the number of the return."""

    heading: str
    money: str
    facts: tuple[Fact, ...]
    said: str


ReturnView = FindView | GoodsView | DoneView
