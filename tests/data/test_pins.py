"""Verifiers of PINs: right, wrong, made elsewhere, none."""

import pytest
from argon2 import PasswordHasher

from data.pins import ArgonPins


@pytest.fixture(scope="module")
def pins() -> ArgonPins:
    return ArgonPins()


def test_a_pin_fits_its_verifier_alone(pins: ArgonPins) -> None:
    one, same = pins.verifier("7294"), pins.verifier("7294")
    assert one.startswith("$argon2id$")
    assert one != same
    assert pins.is_right(one, "7294")
    assert not pins.is_right(one, "7295")
    assert not pins.is_right(one, "")


def test_a_verifier_of_head_office_with_other_figures_is_checked_as_it_was_made(pins: ArgonPins) -> None:
    theirs = PasswordHasher(time_cost=1, memory_cost=8 * 1024).hash("480216")
    assert pins.is_right(theirs, "480216")
    assert not pins.is_right(theirs, "480217")


@pytest.mark.parametrize("verifier", ["", "no verifier", "$argon2id$v=19$m=8,t=1,p=1$AA$AA"])
def test_no_pin_fits_what_is_no_verifier(pins: ArgonPins, verifier: str) -> None:
    assert not pins.is_right(verifier, "7294")
