"""What is fuzzed of documents: rule packs from head office, and the files of ``stationctl``.

A document is taken, or refused in one line that names the file and the place in it; whatever else
comes of it is a crash.
"""

import atexit
import json
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from station.basket import Basket
from station.card import CardTier
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.member import MemberSnapshot
from station.pricing import Engine
from station.product import Product
from station.tender import TenderKind
from station.text import Text
from sync.documents import read_pack
from ui.cli_ledger import ledger_file
from ui.cli_price import Files, price_files, return_files

NAME = {"fa": "الف", "en": "A"}
DAY = "2026-11-22"
FOLDER = Path(mkdtemp(prefix="documents-"))
atexit.register(rmtree, FOLDER, ignore_errors=True)
REFUSED = frozenset({
    ErrorCode.HAND_NOT_ALLOWED, ErrorCode.RETURN_TOO_MUCH, ErrorCode.TENDER_SHORT, ErrorCode.TENDER_INVALID})
HEAD: dict[str, Any] = {
    "version": 1, "number": 7, "currency": "IRR", "tiers": [{"id": "gold", "rank": 1, "name": NAME}]}
BASKET = Basket(
    "b", "12", 7, Moment(1_795_343_700_000_000, 210, DAY), member=MemberSnapshot("m", "gold", 500), card=CardTier.ISSUED,
    payments=(TenderKind.CASH,), redeem=100,
).with_product(Product("p1", "1", Text("", ""), 10_000, "10", tags=("red",)), 3000)


def _packs() -> tuple[bytes, ...]:
    forms: tuple[dict[str, Any], ...] = (
        {"percent": {"rate": "10"}}, {"amount": {"amount": 500, "per_pieces": 2}}, {"fixed_price": {"price": 90}},
        {"buy_get": {"buy": 2, "same": True}}, {"cheapest": {"rate": "50"}}, {"gift": {}, "scope": {"tags": ["red"]}},
        {"steps": {"by": "AMOUNT", "steps": [{"least": 10, "rate": "5"}, {"least": 90, "amount": 7}]}},
        {"multiplier": {"factor": "1.5"}}, {"bonus": {"points": 9, "terms": {"validity": {"months": 3}}}, "cap": 5})
    whens: tuple[dict[str, Any], ...] = (
        {"dates": [{"first": "2026-03-21"}], "hours": [{"start": "22:00", "end": "02:00"}]}, {"quantity": {"least": 2}},
        {"tiers": ["gold"], "minimum": {"amount": 5}}, {"weekdays": ["FRIDAY"], "visits": [1]}, {"payments": ["CASH"]},
        {"birthday": {"before": 3}, "card": 2}, {"coupon": {"codes": ["X"]}}, {}, {"members_only": True})
    packs = [HEAD | {
        "promotions": [{"id": f"r{i}", "name": NAME, "reward": form, "when": when}],
        "earning": [{"id": "base", "name": NAME, "points": 1, "per": 1000}], "redemption": {"block": 10, "worth": 1000}}
        for i, (form, when) in enumerate(zip(forms, whens, strict=True))]
    packs.append(HEAD | {
        "taxes": [{"id": "vat", "name": NAME, "percent": "9"}], "by_hand": [{"role": "CASHIER", "percent": "5"}],
        "card_caps": [{"card": 0, "most_points": 10}], "texts": {"welcome": NAME}, "offline": {"stale_hours": 1},
        "club": {"ledger": {"calendar": "GREGORIAN", "shortfall": "CLAMP"}, "stamps": {"id": "s", "stamps": 5, "points": 3}}})
    return tuple(json.dumps(pack, ensure_ascii=False, separators=(",", ":")).encode() for pack in packs)


PACKS = _packs()
PRICED: dict[str, dict[str, Any]] = {
    "pack": json.loads(PACKS[2]),
    "basket": {"version": 1, "opened": "2026-11-22T14:05:00+03:30", "redeem": 20, "lines": [
        {"product": {"product_id": "p1", "price": 10_000, "tags": ["red"]}, "quantity": 3000},
        {"product": {"product_id": "card", "price": 500, "kind": "GIFT_CARD"}, "account": "g"}]},
    "member": {"member_id": "m", "tier": "gold", "points": 500, "birth": {"calendar": "JALALI", "month": 12, "day": 30}},
    "history": {"version": 1, "accounts": [{"account": "g", "purpose": "GIFT_CARD"}], "usage": [{"promotion": "r2", "today": 1}],
                "events": [{"type": "earn", "key": "a", "account": "m", "day": "2026-05-01", "amount": 90, "rule": "x"}]},
    "returns": {"version": 1, "tenders": [{"kind": "DEBIT", "amount": 900}, {"kind": "CASH", "amount": 90_000}], "returns": [
        {"key": "r", "day": "2026-11-23", "lines": [{"line": 1, "quantity": 1000}, {"line": 2, "quantity": 1000, "balance": 90}]}]},
}
NAMES = tuple(PRICED)
CALCULATED = tuple(bytes([i]) + json.dumps(PRICED[name]).encode() for i, name in enumerate(NAMES))
_WHO = {"account": "m", "day": "2026-11-02"}
_BY = {"approval": {"actor": "a", "approver": "b", "reason": "c"}}
LEDGERS = tuple(json.dumps({"version": 1, **document}).encode() for document in (
    {"events": [
        _WHO | {"type": "earn", "key": "e", "amount": 90, "rule": "r", "sale": "s", "terms": {"validity": {"days": 3}}},
        _WHO | {"type": "redeem", "key": "p", "amount": 20, "rule": "r"}, {"type": "nightly", "day": "2026-11-09"},
        _WHO | {"type": "return", "key": "b", "sale": "s", "remains": [{"key": "e", "amount": 5}]}]},
    {"rules": {"ledger": {"calendar": "GREGORIAN"}, "referral": {"points": [5, 2]}, "birthday": {"points": 9}}, "events": [
        {"type": "invite", "inviter": "n", **_WHO}, {"type": "visit", "sale": "s", "total": 5, **_WHO},
        {"type": "born", "birth": {"calendar": "GREGORIAN", "month": 2, "day": 29}, **_WHO}]},
    {"accounts": [{"account": "m", "purpose": "WALLET", "member_id": "x"}], "events": [
        _WHO | _BY | {"type": "adjust", "key": "j", "amount": -3}, _WHO | _BY | {"type": "merge", "key": "k", "into": "n"},
        _WHO | _BY | {"type": "transfer", "key": "t", "amount": 3, "to": "n"},
        _WHO | {"ledger": "value", "type": "earn", "key": "v", "amount": 7, "rule": "r"}]}))


def rule_pack(data: bytes) -> None:
    """A pack as head office sends it; one that is taken prices a basket."""
    try:
        pack = read_pack(data)
    except ValueError as error:
        _is_one_line(error, "$")
        return
    quote = Engine(pack).quote(Basket(
        BASKET.basket_id, BASKET.shop, pack.number, BASKET.opened, BASKET.lines, BASKET.member, BASKET.next_line))
    assert quote.priced.listed - quote.priced.discount == quote.priced.total


def calculator(data: bytes) -> None:
    """One of the files of ``price`` and ``return``, the others sound; its first byte says which."""
    which = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    for name in NAMES:
        FOLDER.joinpath(name).write_bytes(data[1:] if name == which else json.dumps(PRICED[name]).encode())
    files = Files(*(FOLDER / name for name in ("pack", "basket", "member", "history")))
    works: tuple[Callable[[], str], ...] = (lambda: price_files(files), lambda: return_files(files, FOLDER / "returns"))
    for work in works:
        refused = None
        try:
            json.loads(work())
        except ValueError as error:
            _is_one_line(error, str(FOLDER))
        except StationError as fault:
            refused = fault.code
        assert refused is None or refused in REFUSED, refused


def ledger(data: bytes) -> None:
    """The file of ``ledger``."""
    file = FOLDER / "ledger"
    file.write_bytes(data)
    try:
        json.loads(ledger_file(file, DAY))
    except ValueError as error:
        _is_one_line(error, str(file))


def _is_one_line(error: ValueError, begins: str) -> None:
    line = str(error)
    assert line.startswith(begins), line
    assert "\n" not in line
