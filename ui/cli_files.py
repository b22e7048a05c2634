"""Files that ``stationctl`` reads for ``price``, ``return`` and ``ledger``; docs/pricing.md and docs/points.md.

Every refusal is a ``ValueError`` of one line: file, path, value, what was expected.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from station.basket import Basket, BasketLine, Chosen, Coupon, Usage
from station.bonus import Visit
from station.card import CardTier
from station.card_life import Spender
from station.clock import Moment
from station.dates import day_number
from station.hand import ByHand
from station.member import MemberSnapshot
from station.money import THOUSAND
from station.pack import Pack
from station.points import Adjust, Earn, Merge, Redeem, Return, Transfer
from station.replay import Born, Event, Invite, Nightly, OnValue, Replay
from station.sale import ReturnedLine
from station.step_up import StepUp
from station.stored_value import ValueAccount
from station.tender import Tender, TenderKind
from station.tiers import Floor
from sync.documents import convert, read, shown

OK, MISUSED = 0, 2
FILE_VERSION = 1
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
REQUESTS: dict[str, type[Any]] = {
    "earn": Earn, "redeem": Redeem, "return": Return, "adjust": Adjust, "transfer": Transfer, "merge": Merge}
EVENTS: dict[str, type[Any]] = REQUESTS | {
    "visit": Visit, "floor": Floor, "invite": Invite, "born": Born, "nightly": Nightly}
T = TypeVar("T")


@dataclass(frozen=True)
class BasketFile:
    """``--basket``: what ``station.basket.Basket`` holds, with the moment as RFC 3339 and lines as given."""

    version: int
    opened: str
    lines: tuple[dict[str, Any], ...]
    basket_id: str = "basket"
    shop: str = ""
    card: CardTier | None = None
    payments: tuple[TenderKind, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    redeem: int = 0
    by_hand: tuple[ByHand, ...] = ()
    member: MemberSnapshot | None = None
    spender: Spender | None = None
    step_up: StepUp | None = None


@dataclass(frozen=True)
class History:
    """``--history``: what happened before the sale; events are those of the ledger's file."""

    version: int
    usage: tuple[Usage, ...] = ()
    accounts: tuple[ValueAccount, ...] = ()
    events: tuple[dict[str, Any], ...] = ()
    purchases: int | None = None


@dataclass(frozen=True)
class ReturnFile:
    """One return: when, and what came back."""

    key: str
    day: str
    lines: tuple[ReturnedLine, ...]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without a key, or on a day that does not exist."""
        if not self.key:
            message = "a return has a key"
            raise ValueError(message)
        day_number(self.day)


@dataclass(frozen=True)
class ReturnsFile:
    """``--returns``: how the sale was paid (in cash when left out), and its returns in order."""

    version: int
    returns: tuple[ReturnFile, ...]
    tenders: tuple[Tender, ...] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a key stands twice: the ledger would take only the first."""
        keys = [each.key for each in self.returns]
        if len(set(keys)) != len(keys):
            message = f"keys of returns stand twice: {', '.join(keys)}"
            raise ValueError(message)


def printed(work: Callable[[], str]) -> int:
    """Print what ``work`` returns and return 0; on a file that is amiss say so in one line and return 2."""
    try:
        text = work()
    except (OSError, ValueError) as error:
        words = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
        line = " ".join(words.split()).encode(errors="backslashreplace").decode()  # a file's name may be no text
        print(line, file=sys.stderr)  # noqa: T201 - a command line
        return MISUSED
    print(text)  # noqa: T201 - a command line
    return OK


def load(file: Path, kind: type[T]) -> T:
    """Return the ``kind`` in ``file``; ``ValueError`` names the file too."""
    raw = file.read_bytes()
    return named(file, lambda: _checked(read(raw, kind)))


def named(file: Path, work: Callable[[], T]) -> T:
    """Return what ``work`` returns; the ``ValueError`` it may raise gets the name of ``file``, and a path."""
    try:
        return located("$", work)
    except ValueError as error:
        message = f"{file}: {error}"
        raise ValueError(message) from error


def located(path: str, work: Callable[[], T]) -> T:
    """Return what ``work`` returns; the ``ValueError`` it may raise gets ``path``, if it does not name one."""
    try:
        return work()
    except ValueError as error:
        if str(error).startswith("$"):
            raise
        message = f"{path}: {error}"
        raise ValueError(message) from error


def basket_of(file: BasketFile, pack: Pack, member: MemberSnapshot | None, history: History | None) -> Basket:
    """Return the basket of ``file`` under ``pack``; ``member`` and ``history`` come beside it."""
    lines = tuple(_line(each, place) for place, each in enumerate(file.lines))
    who = member or file.member
    if who and history and history.purchases is not None:
        who = replace(who, purchases=history.purchases)
    return Basket(
        file.basket_id, file.shop, pack.number, moment_of(file.opened), lines, who,
        max((line.line for line in lines), default=0) + 1, file.card, file.payments, file.coupons, file.chosen,
        file.redeem, file.by_hand, history.usage if history else (), file.spender, file.step_up)


def moment_of(text: str) -> Moment:
    """Return the moment of an RFC 3339 date-time with its offset, such as 2026-11-22T14:05:00+03:30."""
    try:
        found = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
    except ValueError:
        found = None
    offset = found.utcoffset() if found else None
    if found is None or offset is None:
        message = f"$.opened: {text!r}, expected a date-time such as 2026-11-22T14:05:00+03:30"
        raise ValueError(message)
    since = found - datetime(1970, 1, 1, tzinfo=found.tzinfo) - offset
    return Moment(since // timedelta(microseconds=1), offset // timedelta(minutes=1), found.date().isoformat())


def event_of(data: Mapping[str, Any], path: str) -> Event:
    """Return the event ``data`` describes; ``"ledger": "value"`` sends a request to stored value."""
    fields = dict(data)
    kind, ledger = fields.pop("type", None), fields.pop("ledger", "points")
    known = {"points": EVENTS, "value": REQUESTS}.get(ledger) if isinstance(ledger, str) else None
    if known is None:
        message = f"{path}.ledger: {shown(ledger)}: expected points or value"
        raise ValueError(message)
    if not isinstance(kind, str) or kind not in known:
        message = f"{path}.type: {shown(kind)}: expected one of {', '.join(known)}"
        raise ValueError(message)
    event: Event = convert(fields, known[kind], path)
    return OnValue(event) if ledger == "value" else event  # type: ignore[arg-type] # one of REQUESTS


def events_of(found: Sequence[Mapping[str, Any]], club: Replay) -> tuple[Event, ...]:
    """Return the events of a file, each checked by the rules of ``club``."""
    made = []
    for i, data in enumerate(found):
        event = event_of(data, f"$.events[{i}]")
        located(f"$.events[{i}]", lambda event=event: club.check(event))  # type: ignore[misc] # mypy cannot type a default
        made.append(event)
    return tuple(made)


def _checked(found: T) -> T:
    version = getattr(found, "version", FILE_VERSION)
    if version != FILE_VERSION and not isinstance(found, Pack):
        message = f"$.version: {version}, expected {FILE_VERSION}"
        raise ValueError(message)
    return found


def _line(data: Mapping[str, Any], place: int) -> BasketLine:
    """Return the line ``data`` describes; number, quantity, name and barcode may be left out."""
    found = {"line": place + 1, "quantity": THOUSAND, **data}
    product = found.get("product")
    if isinstance(product, dict):
        name = str(product.get("product_id", ""))
        found["product"] = {"barcode": name, "name": {"fa": name, "en": name}, **product}
    return convert(found, BasketLine, f"$.lines[{place}]")
