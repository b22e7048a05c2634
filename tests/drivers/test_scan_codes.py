"""Scan codes: the US keyboard, wherever it is plugged in."""

import pytest

from drivers.scan_codes import CHARACTERS, ENTER, MODIFIERS, TAB, from_native


def test_every_printable_character_has_its_key() -> None:
    assert {*map(chr, range(0x20, 0x7F)), ENTER, TAB} == set(CHARACTERS.values())


@pytest.mark.parametrize(("code", "plain", "shifted"), [
    (2, "1", "!"), (6, "5", "%"), (11, "0", ")"), (13, "=", "+"), (16, "q", "Q"), (30, "a", "A"),
    (39, ";", ":"), (41, "`", "~"), (43, "\\", "|"), (53, "/", "?"), (57, " ", " "),
    (71, "7", "7"), (82, "0", "0"), (83, ".", "."), (55, "*", "*"), (98, "/", "/"),
])
def test_a_key_types_what_is_printed_on_it(code: int, plain: str, shifted: str) -> None:
    assert (CHARACTERS[code, False], CHARACTERS[code, True]) == (plain, shifted)


def test_both_enter_keys_are_enter_and_tab_is_no_tab_with_shift() -> None:
    assert CHARACTERS[28, False] == CHARACTERS[96, False] == ENTER
    assert CHARACTERS[15, False] == TAB
    assert (15, True) not in CHARACTERS


def test_no_modifier_types() -> None:
    assert not MODIFIERS & {code for code, _shift in CHARACTERS}


@pytest.mark.parametrize(("native", "platform", "code"), [
    (10, "xcb", 2), (104, "wayland", 96), (2, "windows", 2), (0x11C, "windows", 96), (0x135, "windows", 98),
])
def test_the_platforms_count_differently(native: int, platform: str, code: int) -> None:
    assert from_native(native, platform) == code


def test_arrows_are_not_the_keypad_on_windows() -> None:
    assert (from_native(0x148, "windows"), False) not in CHARACTERS
