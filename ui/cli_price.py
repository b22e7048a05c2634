"""``stationctl price`` and ``stationctl return``: the engine as a calculator, from files to JSON.

The files and the answers are described, with examples, in docs/pricing.md.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from station.basket import Basket
from station.member import MemberSnapshot
from station.pack import Pack
from station.points import Request
from station.priced import Priced
from station.pricing import Engine, gain_by_joining
from station.replay import OnValue, Replay
from station.returns import NOTHING, Returned, ledger_returns, take_back
from station.sale import Sale, points_of, requests_of, value_of
from station.tender import Tender, TenderKind, change_due
from ui.cli_files import BasketFile, History, ReturnsFile, basket_of, events_of, load, located, named
from ui.format import Format
from ui.presenters.explain import explain
from ui.text import Words


@dataclass(frozen=True)
class Files:
    """The files of one calculation."""

    pack: Path
    basket: Path
    member: Path | None = None
    history: Path | None = None


@dataclass(frozen=True)
class _Case:
    """What the files say: the engine, the basket, and the club before the sale (None without events)."""

    engine: Engine
    basket: Basket
    club: Replay | None


def price_files(files: Files, language: str = "") -> str:
    """Return the result as JSON or, with a ``language``, explained in sentences. Raises ``ValueError``."""
    case = _case(files)
    quote = named(files.basket, lambda: case.engine.quote(case.basket))
    joining = gain_by_joining(case.engine, case.basket)
    if language:
        return "\n".join(explain(case.engine.pack, case.basket, quote, Words(language), Format(language), joining))
    return _json({
        "pack": case.engine.pack.number, "basket_id": case.basket.basket_id,
        **msgspec.to_builtins(quote), "joining": msgspec.to_builtins(joining),
        "ledger": _settle(case, quote.priced)})


def return_files(files: Files, returns: Path) -> str:
    """Return as JSON what each return of the sale comes to. Raises ``ValueError`` or ``StationError``."""
    case, asked = _case(files), load(returns, ReturnsFile)
    priced = named(files.basket, lambda: case.engine.price(case.basket))
    tenders = asked.tenders or ((Tender(TenderKind.CASH, priced.total),) if priced.total else ())
    sale = _sale(case, priced, tenders)
    answer: dict[str, Any] = {
        "pack": case.engine.pack.number, "sale_id": sale.sale_id, "priced": msgspec.to_builtins(priced),
        "ledger": _settle(case, priced, sale)}
    gone, told = NOTHING, []
    for i, each in enumerate(asked.returns):
        returned = named(returns, lambda i=i, each=each, gone=gone: located(  # type: ignore[misc] # mypy cannot type a default
            f"$.returns[{i}]", lambda: take_back(case.engine, sale, each.lines, gone)))
        told.append(_told(case, sale, each.key, each.day, returned))
        gone = returned.gone
    return _json({**answer, "returns": told})


def _case(files: Files) -> _Case:
    pack = load(files.pack, Pack)
    member = load(files.member, MemberSnapshot) if files.member else None
    history = load(files.history, History) if files.history else None
    given = load(files.basket, BasketFile)
    basket = named(files.basket, lambda: basket_of(given, pack, member, history))
    club = None
    if files.history and history and history.events:
        club = named(files.history, lambda: _club(pack, history))
        if basket.member:
            points = club.ledger.spendable(club.ledger.owner(basket.member.member_id), basket.opened.date)
            basket = replace(basket, member=replace(basket.member, points=points))
    return _Case(Engine(pack), basket, club)


def _club(pack: Pack, history: History) -> Replay:
    club = Replay(pack.club, history.accounts)
    for i, event in enumerate(events_of(history.events, club)):
        refused = located(f"$.events[{i}]", lambda event=event: club.take(event))  # type: ignore[misc] # mypy cannot type a default
        if refused:
            message = f"$.events[{i}]: refused by the ledger: {refused}"
            raise ValueError(message)
    return club


def _sale(case: _Case, priced: Priced, tenders: tuple[Tender, ...]) -> Sale:
    member, sale_id = case.basket.member, case.basket.basket_id
    return Sale(
        sale_id, case.basket.opened.date, 1, case.basket, priced, tenders, change_due(priced.total, tenders), None,
        points_of(sale_id, member.member_id, priced) if member else ())


def _settle(case: _Case, priced: Priced, sale: Sale | None = None) -> dict[str, Any] | None:
    """Post the sale to the ledgers of the history and return where they then stand; None without a history."""
    club, member = case.club, case.basket.member
    if club is None or member is None:
        return None
    requests = requests_of(case.basket.basket_id, member.member_id, case.basket.opened.date, priced)
    return _posted(case, club, member, (*requests, *map(OnValue, value_of(sale) if sale else ())))


def _told(case: _Case, sale: Sale, key: str, day: str, returned: Returned) -> dict[str, Any]:
    points, value = ledger_returns(key, day, sale, returned)
    told: dict[str, Any] = {"key": key, **msgspec.to_builtins(returned), "ledger": None}
    if case.club and case.basket.member:
        asked = (*((points,) if points else ()), *map(OnValue, value))
        told["ledger"] = _posted(case, case.club, case.basket.member, asked, day)
    return told


def _posted(
    case: _Case, club: Replay, member: MemberSnapshot, requests: tuple[Request | OnValue, ...], day: str = "",
) -> dict[str, Any]:
    """Post ``requests``; return the refusals, the postings they made and the standing after them."""
    before = len(club.ledger.postings())
    refused = [{"request": msgspec.to_builtins(each), "reason": reason}
               for each in requests if (reason := club.take(each))]
    standing = club.standing(member.member_id, day or case.basket.opened.date)
    return {
        "postings": msgspec.to_builtins(club.ledger.postings()[before:]), "refused": refused,
        "standing": msgspec.to_builtins(standing)}


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, indent=1, ensure_ascii=False)
