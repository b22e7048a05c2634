"""Club profiles: exactly one club's cards are recognised, and no profile lets a bank card in."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bank_cards import Lane, is_bank_card
from drivers.bank_ranges import RANGES, BankRange
from drivers.check_digits import luhn_valid, verhoeff_valid
from drivers.club_profile import CheckDigit, ClubProfile
from drivers.tracks import Track, TrackData, track_data

DEMO = ClubProfile(Track.TWO, "9364", (16,), CheckDigit.LUHN)
NUMBER = "9364000000000019"


def tracks(texts: Mapping[int, str]) -> list[TrackData]:
    return [track_data(Track(number), text.encode()) for number, text in texts.items()]


def test_the_clubs_own_card() -> None:
    assert luhn_valid(NUMBER.encode())
    assert DEMO.recognise(tracks({2: NUMBER})) == NUMBER
    assert DEMO.recognise(tracks({1: "M1", 2: NUMBER, 3: "0"})) == NUMBER
    assert DEMO.accepts(NUMBER.encode())


@pytest.mark.parametrize("texts", [
    {},
    {1: NUMBER},
    {3: NUMBER},
    {2: NUMBER[:-1] + "0"},
    {2: NUMBER[:-1]},
    {2: NUMBER + "0"},
    {2: "1" + NUMBER},
    {2: "9365000000000016"},
    {2: f"0={NUMBER}"},
])
def test_anything_else_is_no_club_card(texts: dict[int, str]) -> None:
    assert DEMO.recognise(tracks(texts)) is None


def test_the_number_may_stand_in_another_field_after_a_format_code() -> None:
    profile = ClubProfile(Track.ONE, "77", (8, 10), group=1, lead="N")
    assert profile.recognise(tracks({1: "SHOP^N77123456^X"})) == "77123456"
    assert profile.recognise(tracks({1: "SHOP^N7712345678"})) == "7712345678"
    for other in ("SHOP^77123456", "SHOP^M77123456", "SHOP^N771234567", "N77123456", "SHOP^N77A23456"):
        assert profile.recognise(tracks({1: other})) is None


def test_letters_and_verhoeff() -> None:
    lettered = ClubProfile(Track.ONE, "VIP", (8,), letters=True)
    assert lettered.recognise(tracks({1: "VIPAB123"})) == "VIPAB123"
    assert lettered.recognise(tracks({1: "VIPAB-23"})) is None
    verhoeff = ClubProfile(Track.THREE, "23", (4,), CheckDigit.VERHOEFF)
    assert verhoeff.recognise(tracks({3: "2363"})) == "2363"
    assert verhoeff.recognise(tracks({3: "2364"})) is None
    assert verhoeff_valid(b"2363")


def test_a_bank_card_wins_over_every_profile() -> None:
    assert DEMO.recognise(tracks({1: "B4111111111111111^SHAH/RIAR^1803101", 2: NUMBER})) is None
    assert DEMO.recognise(tracks({2: f"{NUMBER}=2512101"})) is None
    assert DEMO.recognise(tracks({2: f"{NUMBER}=99"})) == NUMBER


@pytest.mark.parametrize(("prefix", "lengths", "letters"), [
    ("", (16,), False), ("", (16,), True), ("4", (16,), False), ("6", (12,), False), ("603799", (16,), False),
    ("6037991234", (16,), False), ("53", (14,), False), ("9", (16,), False), ("97", (8, 16), False),
    ("17001", (16,), False), ("2720", (16,), False),
])
def test_profiles_that_reach_into_the_banks_ranges_are_refused(
    prefix: str, lengths: tuple[int, ...], letters: bool,  # noqa: FBT001
) -> None:
    with pytest.raises(ValueError, match="bank cards'"):
        ClubProfile(Track.TWO, prefix, lengths, letters=letters)


@pytest.mark.parametrize(("prefix", "lengths"), [
    ("", (8, 11)), ("9364", (16, 19)), ("2721", (16,)), ("1", (12,)), ("4", (10,)), ("0", (16,)), ("71", (16,)),
])
def test_profiles_beside_the_banks_ranges_are_taken(prefix: str, lengths: tuple[int, ...]) -> None:
    assert ClubProfile(Track.TWO, prefix, lengths).own == ()


def test_an_override_names_the_whole_prefix() -> None:
    profile = ClubProfile(Track.TWO, "637123", (16,), override="637123")
    assert profile.recognise(tracks({2: "6371230000000004"})) == "6371230000000004"
    assert profile.recognise(tracks({2: "6371240000000004"})) is None
    assert profile.recognise(tracks({2: "6371230000000004=2512101"})) is None
    for prefix, override in (("637123", "637124"), ("63712", "63712"), ("6371234", "637123")):
        with pytest.raises(ValueError, match="an override repeats"):
            ClubProfile(Track.TWO, prefix, (16,), override=override)


@pytest.mark.parametrize("prefix", ["603799", "411111", "622112", "97921234", "352800"])
def test_no_override_opens_a_banks_own_range(prefix: str) -> None:
    with pytest.raises(ValueError, match="no override is heard"):
        ClubProfile(Track.TWO, prefix, (16,), override=prefix)


@pytest.mark.parametrize(("profile", "reason"), [
    (lambda: ClubProfile(Track.TWO, "9364", ()), "lengths"),
    (lambda: ClubProfile(Track.TWO, "9364", (4,)), "lengths"),
    (lambda: ClubProfile(Track.TWO, "9364", (40,)), "lengths"),
    (lambda: ClubProfile(Track.TWO, "9364", (16,), group=-1), "field -1"),
    (lambda: ClubProfile(Track.TWO, "A", (8,)), "characters"),
    (lambda: ClubProfile(Track.ONE, "a", (8,), letters=True), "characters"),
    (lambda: ClubProfile(Track.ONE, "A", (8,), CheckDigit.LUHN, letters=True), "no check digit"),
    (lambda: ClubProfile(Track.ONE, "9364", (16,), lead="B"), "format B"),
    (lambda: ClubProfile(Track.ONE, "B", (8,), letters=True), "format B"),
])
def test_profiles_that_fit_no_card_are_refused(profile: Callable[[], ClubProfile], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        profile()


@settings(deadline=None)
@given(st.sampled_from(RANGES), st.data())
def test_no_profile_can_be_made_for_a_listed_number(bank: BankRange, data: st.DataObject) -> None:
    length = data.draw(st.sampled_from(sorted(bank.lengths)))
    head = data.draw(st.integers(bank.low, bank.high))
    number = f"{head}{data.draw(st.text('0123456789', min_size=length - 6, max_size=length - 6))}"
    known_length = data.draw(st.integers(0, 10))
    with pytest.raises(ValueError, match="bank cards'"):
        ClubProfile(Track.TWO, number[:known_length], (length,))


def test_the_demo_numbers_are_never_taken_for_bank_cards() -> None:
    assert not any(is_bank_card(NUMBER, lane) for lane in Lane)
