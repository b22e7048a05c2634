"""The code of a tap: the address, its bytes, and the answer by which it is known."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station import sun
from station.sun import SunMessage
from tests.rigs.judged_cards import NUMBER, tapped

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "card_proofs.json").read_text(encoding="utf-8"))
TAP, ADDRESS = bytes.fromhex(VECTORS["tap"]), VECTORS["tap_address"]
MESSAGE = SunMessage("041E3C8A2D6B80", 6, bytes.fromhex("4B00064004B0B3D3"))
SEALED = f"https://club.example/c/{NUMBER}?p=EF963FF7828658A599F3041510671E88&m=94EED9EE65337086"


def test_the_example_is_laid_out_as_described() -> None:
    assert sun.pack(MESSAGE) == TAP
    assert sun.unpack(TAP) == MESSAGE
    assert sun.to_address("club.example", NUMBER, MESSAGE) == ADDRESS
    assert sun.from_address(ADDRESS) == (NUMBER, TAP)
    assert sun.answer(MESSAGE).hex() == VECTORS["answer"]


def test_the_encrypted_form_is_told_from_the_plain_one() -> None:
    number, content = sun.from_address(SEALED)
    assert (number, content.hex().upper()) == (NUMBER, "EF963FF7828658A599F3041510671E8894EED9EE65337086")
    assert sun.is_sealed(content)
    assert not sun.is_sealed(TAP)
    with pytest.raises(ValueError, match="too many"):
        sun.unpack(content)


def test_a_host_may_have_a_port_and_digits_may_be_small() -> None:
    assert sun.from_address(ADDRESS.replace("club.example", "localhost:8443")) == (NUMBER, TAP)
    assert sun.from_address(ADDRESS.replace("041E3C8A2D6B80", "041e3c8a2d6b80")) == (NUMBER, TAP)


@given(st.binary(min_size=18, max_size=18))
def test_whatever_a_tap_says_comes_back(content: bytes) -> None:
    message = sun.unpack(content)
    assert sun.pack(message) == content
    assert sun.from_address(sun.to_address("a", "7", message)) == ("7", content)


@pytest.mark.parametrize("address", [
    "", ADDRESS + " ", ADDRESS.replace("https", "http"), ADDRESS.replace("/c/", "/d/"), ADDRESS.replace("&n=", "&x="),
    ADDRESS.replace("u=041E", "u=04G1"), ADDRESS[:-1], ADDRESS + "0", ADDRESS.replace("&m=", "&p="), ADDRESS.replace(NUMBER, ""),
    ADDRESS.replace(NUMBER, "9" * 33), ADDRESS + "\n", SEALED[:-1], ADDRESS.replace("000006", "٠٠٠٠٠6"),
])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"tap|number"):
        sun.from_address(address)


@pytest.mark.parametrize(("change", "words"), [
    ({"uid": "04"}, "UID"), ({"counter": -1}, "counter"), ({"counter": 0x1000000}, "counter"), ({"mac": bytes(7)}, "MAC"),
])
def test_what_the_form_cannot_hold_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sun.pack(replace(MESSAGE, **change))


@pytest.mark.parametrize("length", [0, 6, 9, 17, 19])
def test_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"UID|counter|MAC|too many"):
        sun.unpack(bytes(length))


def test_a_host_is_a_host() -> None:
    for host in ("", "a b", "a/b", "http://a"):
        with pytest.raises(ValueError, match="not a host"):
            sun.to_address(host, NUMBER, MESSAGE)


def test_every_part_of_a_tap_changes_its_answer() -> None:
    answers = {sun.answer(each) for each in (
        MESSAGE, replace(MESSAGE, counter=7), replace(MESSAGE, uid="041E3C8A2D6B81"), replace(MESSAGE, mac=bytes(8)),
        tapped(6))}
    assert len(answers) == 5
