"""What a screen reader hears of the counter, over the real accessibility bus of a real X display."""

from collections.abc import Iterator

import pytest

from tests.rigs.accessible import AccessibleDesktop, Counter, Reader, nodes
from tests.rigs.desktop import DesktopUnavailableError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
HEADS = {
    "en": ["Item", "Qty", "Price", "Amount (toman)"],
    "fa": ["کالا", "تعداد", "قیمت", "مبلغ (تومان)"],
}
FIRST = {"en": ["Milk", "1", "38,500", "38,500"], "fa": ["شیر", "۱", "۳۸٬۵۰۰", "۳۸٬۵۰۰"]}
NAMED = {
    "en": {("frame", "Counter"), ("text", "Card or item"), ("label", "Gold member"), ("table", "Basket"),
           ("push button", "Pay  F12"), ("push button", "One more"), ("label", "Total")},
    "fa": {("frame", "صندوق"), ("text", "کارت یا کالا"), ("label", "عضو طلایی"), ("table", "سبد"),
           ("push button", "پرداخت  F12"), ("push button", "یکی بیشتر"), ("label", "مبلغ قابل پرداخت")},
}
PAY = {"en": "Pay", "fa": "پرداخت"}
PAYMENT = {"en": "Payment", "fa": "پرداخت"}
RECEIVED = {"en": "Cash received (toman)", "fa": "نقد دریافتی (تومان)"}


@pytest.fixture(scope="module")
def desktop() -> Iterator[AccessibleDesktop]:
    try:
        running = AccessibleDesktop()
    except DesktopUnavailableError as fault:
        pytest.skip(str(fault))
    with running:
        yield running


@pytest.fixture
def reader(desktop: AccessibleDesktop) -> Iterator[Reader]:
    listening = Reader(desktop)
    yield listening
    listening.close()


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def counter(desktop: AccessibleDesktop, language: str) -> Iterator[Counter]:
    shown = Counter(desktop, language)
    yield shown
    shown.close()


def test_all_that_can_be_pressed_or_typed_into_has_a_name(counter: Counter, reader: Reader, language: str) -> None:
    assert counter.titles()
    tree = reader.hear("tree counter", lambda heard: NAMED[language] <= set(nodes(heard)))
    heard = set(nodes(tree))
    assert NAMED[language] <= heard
    assert not {role for role, name in heard if role in {"push button", "text", "table", "check box"} and not name}


def test_the_basket_is_a_table_with_heads_and_cells(counter: Counter, reader: Reader, language: str) -> None:
    assert counter.titles()
    rows = reader.hear("table counter", lambda heard: len(heard) == 4)
    assert (rows[:2], len(rows)) == ([HEADS[language], FIRST[language]], 4)


def test_pay_pressed_by_a_screen_reader_opens_the_payment(counter: Counter, reader: Reader, language: str) -> None:
    assert len(counter.titles()) == 1
    reader.hear(f"press counter/{PAY[language]}", bool)
    assert reader.hear("focus counter", lambda heard: heard[1] == RECEIVED[language]) == ["text", RECEIVED[language]]
    assert PAYMENT[language] in counter.titles()
