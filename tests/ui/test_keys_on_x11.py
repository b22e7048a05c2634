"""Swipes and typing on a real X display, under the layouts of the shops: what reaches the field, and what not."""

from collections.abc import Iterator

import pytest

from station.member_pass import to_text
from tests.rigs.desktop import Desktop, DesktopUnavailableError, KeyWindow, Wedge
from tests.rigs.proven_cards import shown

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]
SWIPE = ";9364000000000017=0042?\r"
TAP = "STRIPE 9364000000000017"
PASS = f"{to_text(shown('9364000000000017'))}\r"
"""302 characters and Enter."""
BANK_CARD = "%B4111111111111111^SHAH/RIAR^1803101000000000020000831000000?;4111111111111111=1803101000020000831?\r"
HUMAN_MS = 100
LOADED_MS = 150
"""A gap for swipes that also a machine busy with other tests keeps."""
TYPED = {"us": "Note 25", "ir": "ٔخفث ۲۵", "us,ir": "Note 25", "de": "Note 25", "fr": "Note é("}
"""What each layout makes of the US keys of "Note 25"."""


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    try:
        running = Desktop()
    except DesktopUnavailableError as fault:
        pytest.skip(str(fault))
    with running:
        yield running


@pytest.fixture(scope="module")
def wedge(desktop: Desktop) -> Iterator[Wedge]:
    hand = Wedge(desktop)
    yield hand
    hand.close()


@pytest.fixture(scope="module", params=TYPED)
def layout(request: pytest.FixtureRequest, desktop: Desktop, wedge: Wedge) -> str:
    assert wedge
    desktop.use_layout(request.param)
    return str(request.param)


@pytest.fixture(scope="module")
def opened(desktop: Desktop, layout: str) -> Iterator[KeyWindow]:
    assert layout
    shown = KeyWindow(desktop, swipe_gap_ms=LOADED_MS)
    yield shown
    shown.close()


@pytest.fixture
def window(opened: KeyWindow) -> KeyWindow:
    opened.clear()
    return opened


def test_typing_arrives_and_is_no_swipe(window: KeyWindow, wedge: Wedge, layout: str) -> None:
    wedge.type("Note 25\r", HUMAN_MS)
    seen = window.seen(lambda now: now.pressed > 0)
    assert (seen.text, seen.pressed, seen.results) == (TYPED[layout], 1, ())


def test_a_swipe_is_caught_and_the_field_unchanged(window: KeyWindow, wedge: Wedge, layout: str) -> None:
    wedge.type("Note 25", HUMAN_MS)
    window.seen(lambda now: now.text == TYPED[layout])
    wedge.type(SWIPE, 1)
    seen = window.seen(lambda now: bool(now.results))
    assert (seen.text, seen.pressed, seen.results) == (TYPED[layout], 0, (TAP,))
    window.undo()
    assert window.seen(lambda now: not now.text).text == ""


@pytest.mark.parametrize("gap_ms", [0, 1, 10])
def test_a_phones_pass_is_caught_and_the_field_unchanged(
    window: KeyWindow, wedge: Wedge, layout: str, gap_ms: int,
) -> None:
    wedge.type("Note 25", HUMAN_MS)
    window.seen(lambda now: now.text == TYPED[layout])
    wedge.type(PASS, gap_ms)
    seen = window.seen(lambda now: bool(now.results))
    assert (seen.text, seen.pressed, seen.results) == (TYPED[layout], 0, ("QR 9364000000000017",))


def test_a_bank_card_reaches_nothing(window: KeyWindow, wedge: Wedge) -> None:
    wedge.type(BANK_CARD, 1)
    seen = window.seen(lambda now: bool(now.results))
    window.undo()
    assert (seen.text, seen.pressed, seen.results) == ("", 0, ("CARD_IS_BANK_CARD",))
    assert window.seen(lambda now: not now.text).text == ""


def test_a_burst_that_stops_is_typing(window: KeyWindow, wedge: Wedge, layout: str) -> None:
    wedge.type("Note 25", 1)
    seen = window.seen(lambda now: now.text == TYPED[layout])
    assert (seen.text, seen.results) == (TYPED[layout], ())


def test_ten_cards_in_two_seconds_are_ten_taps(window: KeyWindow, wedge: Wedge) -> None:
    cards = [f"936400000000{each:04}" for each in range(10)]
    for card in cards:
        wedge.pause(180)
        wedge.type(f";{card}=?\r", 1)
    seen = window.seen(lambda now: len(now.results) >= len(cards))
    assert (seen.text, seen.pressed) == ("", 0)
    assert seen.results == tuple(f"STRIPE {card}" for card in cards)


def test_equal_keys_with_no_time_between_are_all_heard(window: KeyWindow, wedge: Wedge) -> None:
    wedge.type("1112225550000\r", 0)
    assert window.seen(lambda now: bool(now.results)).results == ("CODE 1112225550000",)


def test_typing_while_the_program_is_busy_is_no_swipe(window: KeyWindow, wedge: Wedge, layout: str) -> None:
    window.busy(1200)
    wedge.type("Note 25\r", HUMAN_MS)
    seen = window.seen(lambda now: now.pressed > 0)
    assert (seen.text, seen.pressed, seen.results) == (TYPED[layout], 1, ())


def test_a_swipe_while_the_program_is_busy_is_caught(window: KeyWindow, wedge: Wedge) -> None:
    window.busy(500)
    wedge.type(SWIPE, 1)
    seen = window.seen(lambda now: bool(now.results))
    assert (seen.text, seen.pressed, seen.results) == ("", 0, (TAP,))


def test_even_a_whole_swipe_typed_by_hand_is_typing(desktop: Desktop, wedge: Wedge) -> None:
    desktop.use_layout("us")
    window = KeyWindow(desktop)
    wedge.type(";9364000000017=?\r", HUMAN_MS)
    seen = window.seen(lambda now: now.pressed > 0)
    window.close()
    assert (seen.text, seen.pressed, seen.results) == (";9364000000017=?", 1, ())
