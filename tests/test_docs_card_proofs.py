"""docs/cards.md and docs/card-bytes.md on what cards prove: every byte of the examples is that of the vectors, which other tests build anew."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from station.card_record import pack
from station.errors import ErrorCode
from station.proving import ForgedReason, ProofNote
from tests.rigs.judged_cards import record

ROOT = Path(__file__).parents[1]
CARDS = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
BYTES = (ROOT / "docs" / "card-bytes.md").read_text(encoding="utf-8")
VECTORS: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "card_proofs.json").read_text(encoding="utf-8"))


def section(page: str, begin: str, end: str) -> str:
    start = page.index(begin)
    return page[start:page.index(end, start)]


def laid_out(text: str) -> str:
    """The bytes in the first column of the table in ``text``."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return "".join(re.findall(r"`([0-9A-F]+)`", "".join(rows)))


def test_the_examples_are_those_of_the_vectors() -> None:
    assert laid_out(section(BYTES, "### Signed record", "The same card on paper")) == VECTORS["record_of_a_chip"].upper()
    assert laid_out(section(BYTES, "### The phone", "186 bytes")) == VECTORS["pass"].upper()
    assert pack(record()).hex() == VECTORS["record_of_a_chip"]


@pytest.mark.parametrize("name", ["code", "track_1", "track_3", "tap_address", "answer", "pass_mark"])
def test_the_texts_are_those_of_the_vectors(name: str) -> None:
    assert str(VECTORS[name]) in BYTES or str(VECTORS[name]).upper() in BYTES


def test_every_refusal_and_note_is_told() -> None:
    judged = section(CARDS, "### How it is judged", "### What comes down")
    for each in (*ForgedReason, *ProofNote):
        assert each.value in judged or each is ForgedReason.SECRET
    for code in (ErrorCode.CARD_FORGED, ErrorCode.CARD_REPLAYED, ErrorCode.CARD_OUT_OF_DATE, ErrorCode.PASS_OUT_OF_TIME):
        assert f"`{code.name}`" in judged
