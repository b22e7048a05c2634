"""The guard: every listed range in every spelling is caught, and what shops really scan is not."""

import hashlib
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.bank_cards import Lane, is_bank_card, is_bank_track, is_payment_aid, must_discard
from drivers.bank_ranges import IRANIAN_PREFIXES, PAYMENT_RIDS, RANGES, BankRange
from drivers.check_digits import luhn_valid, verhoeff_valid
from drivers.tracks import Track, track_data

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "tracks.json").read_text(encoding="utf-8"))
BANK_SWIPES: list[str] = [vector["text"] for vector in VECTORS["bank_swipes"]]
CLUB_SWIPES: list[str] = [vector["text"] for vector in VECTORS["club_swipes"]]
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
IRANIAN_LAYOUT = str.maketrans("0123456789%^?;BSHARI", "۰۱۲۳۴۵۶۷۸۹٪×؟ک\u200cئآَِّ", "")
FRENCH_LAYOUT = str.maketrans("0123456789%^?;AQ", "à&é\"'(-è_ç56§mQA")
VISA = "4111111111111111"


def digits(seed: str, count: int) -> str:
    """Return ``count`` digits, evenly spread and always the same for one ``seed``."""
    return str(int.from_bytes(hashlib.shake_128(seed.encode()).digest(count), "big")).zfill(count)[-count:]


def with_luhn(number: str, *, right: bool = True) -> str:
    return next(
        number[:-1] + digit for digit in "0123456789" if luhn_valid((number[:-1] + digit).encode()) is right)


def grouped(number: str, gap: str) -> str:
    return gap.join(number[at:at + 4] for at in range(0, len(number), 4))


def numbers_of(known: BankRange) -> Iterator[str]:
    """Return numbers of every length from the ends and the middle of a range, those with a wrong check digit too."""
    heads = {known.low, known.high, *range(known.low, known.high, (known.high - known.low) // 3 + 1)}
    for length in sorted(known.lengths):
        for head in sorted(heads):
            for seed in range(3):
                number = f"{head}{digits(f'{head}/{length}/{seed}', length - 6)}"
                yield with_luhn(number)
                if not known.luhn:
                    yield with_luhn(number, right=False)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "spaced": lambda number: grouped(number, " "),
    "dashed": lambda number: grouped(number, "-"),
    "track 1": lambda number: f"%B{number}^SHAH/RIAR^1803101000000000?",
    "track 2": lambda number: f";{number}=1803101000020000831?",
    "Persian": lambda number: number.translate(PERSIAN),
    "Arabic": lambda number: grouped(number.translate(ARABIC), "\u00a0"),
    "full width": lambda number: grouped(number.translate(FULL_WIDTH), "–"),
    "in a sentence": lambda number: f"کارت {number} را 2 بار کشید",
    "beside a code": lambda number: f"{number} 123",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_listed_range_is_caught(spelling: str) -> None:
    numbers = [number for known in RANGES for number in numbers_of(known)]
    assert len(numbers) > 1000
    if spelling == "beside a code":
        numbers = [number for number in numbers if len(number) >= 14]
    for number in numbers:
        text = SPELLINGS[spelling](number)
        for raw in (text, text.encode(), bytearray(text.encode())):
            assert is_bank_card(raw, Lane.STRIPE)
            assert is_bank_card(raw, Lane.TEXT)
            assert is_bank_card(raw, Lane.BARCODE) or len(number) < 15


def test_iranian_prefixes_are_caught_even_with_a_wrong_check_digit() -> None:
    assert len(set(IRANIAN_PREFIXES)) == 50
    for prefix in IRANIAN_PREFIXES:
        wrong = with_luhn(prefix + digits(prefix, 10), right=False)
        assert all(is_bank_card(wrong, lane) for lane in Lane)
        assert not is_bank_card(prefix + digits(prefix, 4), Lane.TEXT)


@pytest.mark.parametrize("swipe", BANK_SWIPES)
def test_swipes_of_public_suites_are_refused(swipe: str) -> None:
    assert is_bank_card(swipe, Lane.STRIPE)
    assert is_bank_card(bytearray(swipe.encode()), Lane.STRIPE)
    assert is_bank_card(swipe.lower(), Lane.STRIPE)
    assert is_bank_card(CLUB_SWIPES[0] + swipe, Lane.STRIPE)
    assert is_bank_card(b"\x1bs\x1b\x01" + swipe.encode().replace(b"?;", b"?\x1b\x02;") + b"?\x1c\x1b0", Lane.STRIPE)


@pytest.mark.parametrize("swipe", CLUB_SWIPES)
def test_loyalty_swipes_of_public_suites_pass(swipe: str) -> None:
    assert not is_bank_card(swipe, Lane.STRIPE)


@pytest.mark.parametrize("swipe", BANK_SWIPES)
def test_swipes_through_the_wrong_keyboard_layout_are_refused(swipe: str) -> None:
    german = swipe.replace("=", "").translate(str.maketrans("^/?;", "&-_ö"))
    for garbled in (swipe.translate(IRANIAN_LAYOUT), german, swipe.translate(FRENCH_LAYOUT)):
        assert garbled != swipe
        assert is_bank_card(garbled, Lane.STRIPE)


def test_a_reader_that_sends_parity_bits_is_seen_through() -> None:
    with_parity = bytes(byte | byte.bit_count() % 2 << 7 for byte in BANK_SWIPES[1].encode())
    assert is_bank_card(with_parity, Lane.STRIPE)


@pytest.mark.parametrize("text", [
    "%B9364000000000000^X^?",
    "B936400000000^SHAH/RIAR^",
    ";936400000000=2512101?",
    "936400000000D2512201",
    ";9364000000000000==101?",
    "+0193640000000000=36436400000000000000?",
])
def test_a_banks_layout_is_refused_whatever_the_number(text: str) -> None:
    assert is_bank_card(text, Lane.STRIPE)
    assert is_bank_card(text, Lane.STRIPE, own=[b"936400"])


@pytest.mark.parametrize("text", [
    ";936400000000=2513101?",
    ";936400000000=2512301?",
    ";93640000000=2512101?",
    "%M9364000000000000^X^?",
    "%BAHAR9364?",
    "+0193640000000000=36436400?",
    "",
    "?",
])
def test_near_misses_of_a_banks_layout_pass(text: str) -> None:
    assert not is_bank_card(text, Lane.STRIPE)


def test_a_stripe_under_the_banks_leading_digits_is_refused_unlisted() -> None:
    unlisted = with_luhn("53000000000000")
    assert is_bank_card(f";{unlisted}?", Lane.STRIPE)
    assert not is_bank_card(unlisted, Lane.TEXT)
    assert not is_bank_card(f";{with_luhn(unlisted, right=False)}?", Lane.STRIPE)


def test_decoded_tracks_are_judged_as_their_own_track() -> None:
    bank = {
        Track.ONE: b"B936400000000^X^", Track.TWO: b"936400000000=2512101",
        Track.THREE: b"01" + b"9" * 16 + b"=" * 21}
    for track, data in bank.items():
        assert is_bank_track(track_data(track, data))
    assert not is_bank_track(track_data(Track.TWO, b"9" * 18 + b"=" + b"3" * 18))
    assert not is_bank_track(track_data(Track.ONE, b"M9364000000000000"))


def test_an_owned_prefix_is_let_through_and_no_other() -> None:
    number = with_luhn("6371231234567890")
    assert is_bank_card(number, Lane.STRIPE)
    assert not is_bank_card(number, Lane.STRIPE, own=[b"637123"])
    assert is_bank_card(number, Lane.STRIPE, own=[b"637124"])
    assert is_bank_card(f"{number} {VISA}", Lane.STRIPE, own=[b"637123"])


def test_the_input_is_the_callers() -> None:
    raw = bytearray(BANK_SWIPES[0].encode())
    assert is_bank_card(raw, Lane.STRIPE)
    assert raw == BANK_SWIPES[0].encode()


@pytest.mark.parametrize("text", [
    f"0912 345 6789 {VISA}", f"0912-345-6789 {grouped(VISA, ' ')}", f"2 {grouped(VISA, ' ')} 3",
    f"12 {grouped(VISA, '-')}-9", "no 12 3782 822463 10005 0935 123 4567", f"{VISA}\n", f"card:{VISA}.", f"x{VISA}y",
])
def test_a_number_among_others_is_found(text: str) -> None:
    assert is_bank_card(text, Lane.TEXT)


SAMPLES: dict[str, tuple[Callable[[str], str], tuple[Lane, ...], float]] = {
    # Nothing a club or a shop is given may be refused by chance ...
    "membership numbers": (lambda seed: f"9364{digits(seed, 12)}", tuple(Lane), 0),
    "membership numbers, spaced": (lambda seed: grouped(f"9364{digits(seed, 12)}", " "), tuple(Lane), 0),
    "membership numbers, Persian": (lambda seed: f"9364{digits(seed, 12)}".translate(PERSIAN), tuple(Lane), 0),
    "membership cards, track 1": (lambda seed: f"%M9364{digits(seed, 12)}^X?", (Lane.STRIPE,), 0),
    "membership cards, track 2": (lambda seed: f";9364{digits(seed, 12)}?", (Lane.STRIPE,), 0),
    "membership cards, long track 2": (lambda seed: f";9364{digits(seed, 33)}?", (Lane.STRIPE,), 0),
    "mobile numbers": (lambda seed: f"09{digits(seed, 9)}", tuple(Lane), 0),
    "mobile numbers, abroad": (lambda seed: f"+98 9{digits(seed, 2)} {digits(seed, 7)}", tuple(Lane), 0),
    "two mobile numbers": (lambda seed: f"09{digits(seed, 9)} 09{digits(seed + 'b', 9)}", tuple(Lane), 0),
    "EAN-13": (lambda seed: digits(seed, 13), (Lane.BARCODE,), 0),
    "EAN-13 from 4": (lambda seed: f"4{digits(seed, 12)}", (Lane.BARCODE,), 0),
    "receipt numbers": (lambda seed: f"S1-{digits(seed, 6)}-{digits(seed + 'b', 4)}", tuple(Lane), 0),
    # ... hexadecimal rarely holds 12 decimal digits in a row, and those pass one time in 25 ...
    "UUIDs": (lambda seed: str(uuid.uuid5(uuid.NAMESPACE_OID, seed)), (Lane.TEXT, Lane.BARCODE), 0.002),
    "SHA-256": (lambda seed: hashlib.sha256(seed.encode()).hexdigest(), (Lane.TEXT,), 0.004),
    # ... and of all 16-digit numbers 44 % lie in a listed range, a tenth of which pass Luhn, besides
    # the 1 % of UnionPay, where Luhn is not asked.
    "any 16 digits": (lambda seed: digits(seed, 16), (Lane.TEXT,), 0.065),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_false_alarms_stay_within_their_bounds(kind: str) -> None:
    make, lanes, most = SAMPLES[kind]
    samples = [make(f"{kind}/{number}") for number in range(5000)]
    for lane in lanes:
        share = sum(is_bank_card(sample, lane) for sample in samples) / len(samples)
        sys.stdout.write(f"{kind}, {lane.value}: {share:.3%} false alarms\n")
        assert share <= most


@pytest.mark.parametrize(("burst", "discarded"), [
    (";41111111", True),
    ("%B4111 1111", True),
    ("٪۴۱۱۱۱۱۱۱", True),
    ("+98912345", True),
    (bytearray(b";9364123456"), True),
    (";4111111", False),
    ("4111111111", False),
    ("%BAHAR1403", False),
    ("", False),
])
def test_half_swipes_are_discarded(burst: str | bytearray, discarded: bool) -> None:  # noqa: FBT001
    assert must_discard(burst) is discarded


def test_which_sentinels_begin_a_swipe_is_the_stations_to_say() -> None:
    assert not must_discard("+98912345", starts="%;")
    assert must_discard("[98912345", starts="[")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", [
    "1", "1 ", "1-", "4111 ", "4111 1111 1111 1112 ", "%B", "B ", "B1", "-", "1=", ";123456789012=", "+1", "۱", "é&", "\u200c",
])
def test_no_input_is_slow_beyond_its_length(piece: str) -> None:
    # A rule that took quadratic time would spend hours on this.
    text = piece * (200_000 // len(piece))
    assert not is_bank_card(text, Lane.STRIPE)


def test_application_ids_of_payment_schemes() -> None:
    assert is_payment_aid(bytes.fromhex("A0000000031010"))
    assert is_payment_aid(bytes.fromhex("A0000000041010"))
    assert all(is_payment_aid(rid) and len(rid) == 5 for rid in PAYMENT_RIDS)
    assert not is_payment_aid(bytes.fromhex("D2760000850101"))
    assert not is_payment_aid(bytes.fromhex("A0000004"))
    assert not is_payment_aid(b"")


def test_check_digits_by_their_published_examples() -> None:
    assert luhn_valid(b"79927398713")
    assert verhoeff_valid(b"2363")
    for digit in b"012456789":
        assert not luhn_valid(b"7992739871" + bytes((digit,)))
        assert not verhoeff_valid(b"236" + bytes((digit,)))
