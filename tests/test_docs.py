"""The documents that speak of the code say what the code says."""

import re
from pathlib import Path

import pytest

from drivers.cards.ndef import Message, read_message
from drivers.reading import DEMO_CLUB
from drivers.track_frames import read_msr
from drivers.tracks import ALPHABETS, BitOrder, Track, characters, encode, pack
from station.card import CardTier
from station.errors import ErrorCode, StationError
from tests.rigs.virtual_card import Ntag
from ui.text import Words

ROOT = Path(__file__).parents[1]
READERS = ROOT.joinpath("docs", "readers.md").read_text(encoding="utf-8")
CARDS = ROOT.joinpath("docs", "cards.md").read_text(encoding="utf-8")
BYTES = ROOT.joinpath("docs", "card-bytes.md").read_text(encoding="utf-8")
FIRST_CARD_CODE, FIRST_MEMBER_CODE = 111, 200


def rows(text: str, title: str) -> list[list[str]]:
    """Return the cells of the table that follows the line ``title``, without its head; code marks are dropped."""
    after = text.split(f"\n{title}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", after, re.MULTILINE)
    assert table is not None
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")]
            for line in table[0].splitlines()[2:]]


def packed(text: str) -> bytes:
    assert text in BYTES
    return bytes.fromhex(text)


def test_every_reader_family_has_its_row_and_every_row_its_file() -> None:
    files = {path.name for path in (ROOT / "drivers" / "readers").glob("*.py")} - {"__init__.py"}
    assert {row[0] for row in rows(READERS, "## Reader families")} == files


def test_every_code_of_a_reader_or_a_card_stands_there_with_both_sentences() -> None:
    english, persian = Words("en"), Words("fa")
    wanted = []
    for code in ErrorCode:
        if code < FIRST_MEMBER_CODE:
            sentences = [words.error(StationError(code)).rsplit(" (", 1)[0] for words in (english, persian)]
            wanted.append([str(code.value), code.name, *sentences])
    assert rows(READERS, "## States") == wanted


def test_every_tier_has_its_label_in_both_languages() -> None:
    english, persian = Words("en"), Words("fa")
    wanted = [[str(tier.value), english.card_tier(tier), persian.card_tier(tier)] for tier in CardTier]
    assert [row[:3] for row in rows(CARDS, "## What a card proves")] == wanted


def test_every_refusal_names_a_code_of_a_card() -> None:
    codes = {int(row[1]) for row in rows(BYTES, "## What is refused, and why")}
    assert codes == {code.value for code in ErrorCode if FIRST_CARD_CODE <= code < FIRST_MEMBER_CODE}


def test_the_worked_example_is_right() -> None:
    example = rows(BYTES, "Worked example, track 2 holding `12345` (MSR606 programmer's manual):")
    bits = encode(Track.TWO, b"12345")
    width = ALPHABETS[Track.TWO].width
    coded = characters(Track.TWO, b"12345")
    assert [row[3] for row in example] == [f"{character:02X}" for character in coded]
    assert [row[2].replace(" ", "") for row in example] == [
        "".join(map(str, bits[at:at + width])) for at in range(0, len(bits), width)]
    assert pack(bits, BitOrder.LOW_FIRST) == packed("2B 88 49 EA AF")
    assert characters(Track.ONE, b"ABC123") == packed("45 61 62 23 51 52 13 1F 2A")
    assert pack(encode(Track.ONE, b"ABC123"), BitOrder.LOW_FIRST) == packed("C5 B0 78 14 95 4E 3E 2A")


def test_the_answer_of_an_msr_is_right() -> None:
    swipe = read_msr(packed("1B 73 1B 01 25 30 31 3F 1B 02 3B 32 33 3F 1B 03 3B 34 35 3F 3F 1C 1B 30"))
    assert swipe is not None
    assert [bytes(track.data) for track in swipe.tracks] == [b"01", b"23", b"45"]


def test_the_pages_of_a_tag_are_right() -> None:
    tag = Ntag(bytes.fromhex("04A1B2C3D4E5F6"), b"")
    pages = [row for row in rows(BYTES, "## NTAG21x and Ultralight: NFC Forum Type 2") if row[0].isdecimal()]
    for place, row in enumerate(pages):
        answer = tag.answer(bytes((0xFF, 0xB0, 0, place, 4)))
        assert answer is not None
        assert answer[:4] == bytes.fromhex(row[1]), row
    assert len(pages) == 4


@pytest.mark.parametrize("record", re.findall(r"^(?:D1 .+)$", BYTES, re.MULTILINE), ids=["text", "uri"])
def test_the_ndef_records_are_right(record: str) -> None:
    assert read_message(bytes.fromhex(record), DEMO_CLUB) == Message("9364000000000076")
