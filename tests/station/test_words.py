"""The words: identities, moments, baskets, tenders, the chain, the receipt number, the card hash."""

import hashlib
import hmac
import uuid

import pytest

from station.basket import Basket, BasketLine
from station.card import Medium, Tap
from station.card_hash import card_hash
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.ids import uuid7
from station.journal import GENESIS, Position, chain, receipt_number
from station.tender import Tender, TenderKind, change_due
from station.text import Text
from tests.fakes import NOON, member, product


def test_uuid7_of_the_rfc() -> None:
    # RFC 9562, appendix A.6: unix_ts_ms 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    random = (0x0CC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    made = uuid7(0x017F22E279B0 * 1000, random)
    assert made == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert uuid.UUID(made).version == 7


def test_uuid7_wants_ten_bytes() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(0, b"")


def test_moment_knows_the_local_minute() -> None:
    assert NOON.minute_of_day == 14 * 60 + 5
    assert Moment(0, -60, "1969-12-31").minute_of_day == 23 * 60


def test_moment_refuses_what_is_no_date() -> None:
    with pytest.raises(ValueError, match="not a local date"):
        Moment(0, 0, "1405/09/01")


def test_text_falls_back_to_persian() -> None:
    words = Text("کارت", "card")
    assert [words.in_language(each) for each in ("fa", "en", "de")] == ["کارت", "card", "کارت"]


def test_no_personal_value_in_a_repr() -> None:
    shown = repr(member()) + repr(Tap("sim:1", Medium.STRIPE, "9364000000000017"))
    assert "9364" not in shown
    assert "0912" not in shown
    assert "مهرداد" not in shown


def test_chain_is_sha256_over_previous_and_raw() -> None:
    assert chain(GENESIS, b"{}") == hashlib.sha256(bytes(32) + b"{}").digest()
    with pytest.raises(ValueError, match="32 bytes"):
        chain(b"", b"{}")


def test_receipt_number_keeps_incarnations_apart() -> None:
    assert receipt_number("12-1", Position("a3f9" + "0" * 28, 123)) == "12-1-000123-A3F9"


def test_card_hash_is_keyed_and_fits_a_signed_column() -> None:
    key = bytes(range(32))
    whole = int.from_bytes(hmac.new(key, b"9364", hashlib.sha256).digest()[:8], "big")
    assert card_hash(key, "9364") == whole % 2**63
    assert card_hash(bytes(32), "9364") != card_hash(key, "9364")
    with pytest.raises(ValueError, match="32 bytes"):
        card_hash(b"short", "9364")


@pytest.mark.parametrize(("tenders", "change"), [
    ([Tender(TenderKind.CASH, 1_000)], 0),
    ([Tender(TenderKind.CASH, 5_000)], 4_000),
    ([Tender(TenderKind.DEBIT, 600, "123456"), Tender(TenderKind.CASH, 500)], 100),
    ([Tender(TenderKind.WALLET, 300, account="w"), Tender(TenderKind.GIFT_CARD, 700, account="g")], 0),
])
def test_change(tenders: list[Tender], change: int) -> None:
    assert change_due(1_000, tenders) == change


@pytest.mark.parametrize(("tenders", "code", "detail"), [
    ([Tender(TenderKind.CASH, 999)], ErrorCode.TENDER_SHORT, {"missing": 1}),
    ([], ErrorCode.TENDER_SHORT, {"missing": 1_000}),
    ([Tender(TenderKind.DEBIT, 1_001)], ErrorCode.TENDER_INVALID, {"over": 1}),
    ([Tender(TenderKind.CASH, 2_000), Tender(TenderKind.CASH, -1_000)], ErrorCode.TENDER_INVALID, {}),
    ([Tender(TenderKind.CASH, 1_000), Tender(TenderKind.DEBIT, 0)], ErrorCode.TENDER_INVALID, {}),
    ([Tender(TenderKind.WALLET, 1_000)], ErrorCode.TENDER_INVALID, {}),
    ([Tender(TenderKind.CASH, 1_000, account="w")], ErrorCode.TENDER_INVALID, {}),
    ([Tender(TenderKind.GIFT_CARD, 600, account="g"), Tender(TenderKind.DEBIT, 500)], ErrorCode.TENDER_INVALID, {"over": 100}),
])
def test_tenders_refused(tenders: list[Tender], code: ErrorCode, detail: dict[str, int]) -> None:
    with pytest.raises(StationError) as caught:
        change_due(1_000, tenders)
    assert (caught.value.code, caught.value.detail) == (code, detail)


def test_an_error_names_its_number_and_values() -> None:
    assert str(StationError(ErrorCode.TENDER_SHORT, missing=5)) == "E303 TENDER_SHORT missing=5"
    assert str(StationError(ErrorCode.BASKET_EMPTY)) == "E302 BASKET_EMPTY"


def test_a_product_is_checked() -> None:
    with pytest.raises(ValueError, match="negative price"):
        product(price=-1)
    with pytest.raises(ValueError, match="not a percentage"):
        product(tax_percent="ten")


def test_a_line_has_a_quantity() -> None:
    with pytest.raises(ValueError, match="quantity 0"):
        BasketLine(1, product(), 0)


def test_a_basket_keeps_line_numbers_for_ever() -> None:
    basket = Basket("b", "12", 1, NOON).with_product(product(1), 1000).with_product(product(2), 1000)
    removed = basket.lines[0]
    basket = basket.without(1).with_product(product(3), 1000)
    assert [line.line for line in basket.lines] == [2, 3]
    assert [line.line for line in basket.with_line(removed).lines] == [1, 2, 3]
    with pytest.raises(KeyError):
        basket.without(1)


def test_weighings_stay_apart_and_pieces_join() -> None:
    basket = Basket("b", "12", 1, NOON)
    for _ in range(2):
        basket = basket.with_product(product(1), 1000).with_product(product(2, weighed=True), 350)
    assert [line.quantity for line in basket.lines] == [2000, 350, 350]


@pytest.mark.parametrize("quantity", [0, -1000, 9_999_001])
def test_quantities_out_of_range_are_refused(quantity: int) -> None:
    basket = Basket("b", "12", 1, NOON).with_product(product(1), 1000)
    with pytest.raises(StationError, match="QUANTITY_INVALID"):
        basket.with_quantity(1, quantity)
    with pytest.raises(StationError, match="QUANTITY_INVALID"):
        basket.with_product(product(2), quantity)
