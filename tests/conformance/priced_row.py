"""A row of the engine's side run: its pack and basket in the form of the files of ``stationctl price``.

A case overlays its row. What their numbers do not turn on is left out: ``pack`` and ``basket`` get
version, number, currency, names, a moment and a member without points from here, and ``buy`` stands
for the lines: [good of ``goods``, pieces, other fields of the line]. ``switch`` gives the basket to
another member before it is priced; ``returns`` bring lines back: [line, pieces].
"""

from collections.abc import Iterable, Iterator
from typing import Any

from station.basket import Basket
from station.member import MemberSnapshot
from station.money import THOUSAND
from station.pack import Pack
from station.priced import Priced, Quote, Refusal
from station.pricing import Engine
from station.returns import NOTHING, take_back
from station.sale import ReturnedLine, Sale, points_of
from station.tender import Tender, TenderKind, change_due
from sync.documents import convert
from tests.conformance.rows import Row
from ui.cli_files import BasketFile, History, basket_of

PACK = {"version": 1, "number": 1, "currency": "IRR", "tiers": []}
BASKET = {"version": 1, "opened": "2026-11-22T14:05:00+03:30"}
NAMED = ("promotions", "earning", "taxes")


def pack_document(row: Row, case: Row) -> Row:
    """Return the rule pack of a case as its JSON document."""
    document: Row = PACK | row.get("pack", {}) | case.get("pack", {})
    return document | {
        part: [{"name": {"fa": each["id"], "en": each["id"]}} | each for each in document[part]]
        for part in NAMED if part in document}


def basket_document(row: Row, case: Row) -> Row:
    """Return the basket of a case as its JSON document."""
    lines = [
        {"product": {"product_id": good} | row["goods"][good], "quantity": pieces * THOUSAND}
        | (more[0] if more else {}) for good, pieces, *more in case["buy"]]
    document: Row = BASKET | row.get("basket", {}) | case.get("basket", {})
    return document | {"lines": lines, "member": {"member_id": "m"} | document.get("member", {})}


def differences(row: Row, case: Row) -> dict[str, tuple[Any, Any]]:
    """Price ``case`` of ``row``; return what it expects and does not find: by name, found and expected."""
    if "misread" in case:
        fault, place = _fault(pack_document(row, case)), case["misread"]
        return {} if fault.startswith(place) else {"misread": (fault, place)}
    engine = Engine(convert(pack_document(row, case), Pack))
    history = convert({"version": 1, "usage": case.get("usage", [])}, History)
    basket = basket_of(convert(basket_document(row, case), BasketFile), engine.pack, None, history)
    if "switch" in case:
        basket = basket.with_member(convert(case["switch"], MemberSnapshot))
    quote = engine.quote(basket)
    found = figures(quote)
    if "tenders" in case:
        found["change"] = change_due(quote.priced.total, convert(case["tenders"], tuple[Tender, ...]))
    differ = _differ("", found, case["expect"])
    returns = case.get("returns", [])
    for i, back in enumerate(_brought_back(engine, basket, quote.priced, returns)):
        differ |= _differ(f"return {i + 1}: ", back, returns[i]["expect"])
    return differ


def figures(quote: Quote) -> dict[str, Any]:
    """Return what a case may expect of ``quote``, by name; refusals as "CODE have need"."""
    priced = quote.priced
    return {
        **{name: getattr(priced, name) for name in ("listed", "discount", "total", "tax", "points", "spent")},
        "net": priced.total - priced.tax,
        "lines": [line.total for line in priced.lines],
        "free": sum(line.free for line in priced.lines),
        "gross": {each.tax_percent: each.gross for each in priced.taxes},
        "off": _sums((each.rule, each.amount) for each in priced.discounts),
        "lost": _sums((each.rule, each.lost) for each in priced.clamps),
        "earned": {each.rule: each.points for each in priced.earned},
        "bases": {each.rule: each.base for each in priced.earned},
        "coupons": {each.promotion: each.last_day for each in priced.coupons},
        "refused": {each.rule: _words(each) for each in quote.refusals},
        "better": {each.rule: each.other for each in quote.refusals if each.other},
        "hints": {each.rule: each.missing for each in quote.hints},
        "unknown": list(quote.unknown_coupons)}


def _fault(document: Row) -> str:
    """Return why ``document`` is refused when read as a pack, "" when it is not."""
    try:
        convert(document, Pack)
    except ValueError as error:
        return str(error)
    return ""


def _words(refusal: Refusal) -> str:
    figures_ = f" {refusal.have} {refusal.need}" if refusal.have or refusal.need else ""
    return f"{refusal.code}{figures_}"


def _sums(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums = dict[str, int]()
    for rule, amount in amounts:
        sums[rule] = sums.get(rule, 0) + amount
    return sums


def _differ(where: str, found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {where + name: (found[name], value) for name, value in wanted.items() if found[name] != value}


def _brought_back(engine: Engine, basket: Basket, priced: Priced, returns: list[Row]) -> Iterator[dict[str, Any]]:
    """Bring back one return after another; ``left`` are the points that the goods left would have moved."""
    name, who = basket.basket_id, basket.member
    sale = Sale(
        name, basket.opened.date, 1, basket, priced, (Tender(TenderKind.CASH, priced.total),), 0, None,
        points_of(name, who.member_id, priced) if who else ())
    gone = NOTHING
    for each in returns:
        back = take_back(
            engine, sale, [ReturnedLine(line, pieces * THOUSAND) for line, pieces in each["lines"]], gone)
        gone = back.gone
        yield {"money": back.money, "left": {
            left.key.removeprefix(f"{name}/"): left.amount for left in back.points}}
