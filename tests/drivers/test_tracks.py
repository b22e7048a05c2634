"""Tracks: published vectors, round trips in every direction, and the fault each kind of damage is told as."""

import itertools
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.tracks import (
    ABA,
    ALPHABETS,
    IATA,
    MOST_CHARACTERS,
    BitOrder,
    Track,
    TrackData,
    characters,
    decode,
    decode_packed,
    encode,
    from_text,
    pack,
    spread,
    track_data,
    unpack,
    wipe,
)
from station.errors import ErrorCode, StationError

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "tracks.json").read_text(encoding="utf-8"))


@st.composite
def contents(draw: st.DrawFn) -> tuple[Track, bytes]:
    track = draw(st.sampled_from(Track))
    alphabet = ALPHABETS[track]
    allowed = [
        code for code in range(alphabet.base, alphabet.base + (1 << alphabet.bits))
        if code not in (alphabet.start, alphabet.end)]
    return track, bytes(draw(st.lists(st.sampled_from(allowed), max_size=MOST_CHARACTERS[track] - 3)))


def captures(bits: bytearray, quiet: int = 25) -> list[bytearray]:
    """The four ways a head can meet the same stripe."""
    stripe = bytes(quiet) + bits + bytes(quiet)
    return [bytearray(bit ^ sense for bit in stripe[::way]) for sense in (0, 1) for way in (1, -1)]


def fault_of(error: pytest.ExceptionInfo[StationError]) -> tuple[object, object]:
    assert error.value.code is ErrorCode.CARD_UNREADABLE
    return error.value.detail["fault"], error.value.detail["position"]


@pytest.mark.parametrize("vector", VECTORS["characters"], ids=lambda vector: str(vector["text"]))
def test_published_characters_and_packings(vector: dict[str, Any]) -> None:
    track, text = Track(vector["track"]), vector["text"].encode()
    coded = characters(track, text[1:-1])
    assert coded.hex().upper() == vector["characters"]
    packed = pack(encode(track, text[1:-1]), BitOrder.LOW_FIRST)
    assert packed.hex().upper() == vector["packed"]
    assert decode_packed(track, packed).data == text[1:-1]
    assert decode(track, spread(coded, ALPHABETS[track].width)) == from_text(track, text)


@pytest.mark.parametrize("vector", VECTORS["captures"], ids=lambda vector: str(vector["data"]))
def test_captures_of_real_cards(vector: dict[str, Any]) -> None:
    bits = unpack(bytes.fromhex(vector["bytes"]), BitOrder.HIGH_FIRST, vector["bits"])
    assert len(bits) == vector["bits"]
    assert decode(Track(vector["track"]), bits).data == vector["data"].encode()


@pytest.mark.parametrize("vector", VECTORS["lrc"], ids=lambda vector: str(vector["lrc"]))
def test_published_lrc(vector: dict[str, Any]) -> None:
    track, text = Track(vector["track"]), vector["text"]
    assert from_text(track, f"{text}{vector['lrc']}".encode()) == from_text(track, text.encode())
    wrong = "0" if vector["lrc"] != "0" else "1"
    with pytest.raises(StationError) as error:
        from_text(track, f"{text}{wrong}".encode())
    assert fault_of(error) == ("LRC", len(text))


@settings(deadline=None)
@given(contents(), st.integers(0, 40))
def test_a_stripe_reads_the_same_every_way(content: tuple[Track, bytes], quiet: int) -> None:
    track, data = content
    for capture in captures(encode(track, data), quiet):
        assert decode(track, capture) == TrackData(track, bytearray(data), ALPHABETS[track])


@settings(deadline=None)
@given(contents(), st.sampled_from(BitOrder))
def test_a_packed_stripe_reads_the_same(content: tuple[Track, bytes], order: BitOrder) -> None:
    track, data = content
    for capture in captures(encode(track, data)):
        assert unpack(pack(capture, order), order, len(capture)) == capture
        assert decode_packed(track, pack(capture, order)).data == data


@pytest.mark.parametrize("length", [0, 1, 2])
def test_the_shortest_tracks_are_not_taken_for_another_read_backwards(length: int) -> None:
    digits = [code for code in range(0x30, 0x40) if code not in (ABA.start, ABA.end)]
    for data in itertools.product(digits, repeat=length):
        for capture in captures(encode(Track.TWO, bytes(data))):
            assert decode(Track.TWO, capture).data == bytes(data)


@settings(deadline=None)
@given(contents().filter(lambda content: len(content[1]) >= 8), st.data())
def test_one_flipped_bit_never_passes(content: tuple[Track, bytes], data: st.DataObject) -> None:
    track, held = content
    bits = encode(track, held)
    bits[data.draw(st.integers(0, len(bits) - 1))] ^= 1
    with pytest.raises(StationError) as error:
        decode(track, bytes(25) + bits + bytes(25))
    assert error.value.code is ErrorCode.CARD_UNREADABLE


@settings(deadline=None)
@given(st.sampled_from(Track), st.lists(st.integers(0, 1), max_size=900).map(bytes))
def test_noise_is_a_card_or_an_unreadable_card(track: Track, bits: bytes) -> None:
    read = None
    with suppress(StationError):
        read = decode(track, bits)
    assert read is None or len(read.data) < MOST_CHARACTERS[track]


def flipped(at: int) -> bytearray:
    bits = encode(Track.TWO, b"9364123456")
    bits[at] ^= 1
    return bits


def test_damage_is_named_by_kind_and_place() -> None:
    whole = encode(Track.TWO, b"9364123456")
    two_flips = flipped(3 * ABA.width)
    two_flips[3 * ABA.width + 1] ^= 1
    endless = spread([ABA.coded(ord(";")), *[ABA.coded(ord("7"))] * 60], ABA.width)
    for bits, expected in (
        (flipped(4 * ABA.width), ("PARITY", 4)),
        (two_flips, ("LRC", 12)),
        (whole[:7 * ABA.width], ("NO_END", 7)),
        (whole[:7 * ABA.width] + bytes(30), ("NO_END", 7)),
        (whole[:12 * ABA.width], ("LRC", 12)),
        (endless, ("TOO_LONG", 40)),
        (bytearray(200), ("NO_START", 0)),
        (bytearray(), ("NO_START", 0)),
    ):
        with pytest.raises(StationError) as error:
            decode(Track.TWO, bits)
        assert fault_of(error) == expected


@pytest.mark.parametrize("second", [b"9", b"93641234567"])
def test_the_longest_of_several_frames_counts(second: bytes) -> None:
    frames = (encode(Track.TWO, data) for data in (b"936412", second))
    assert decode(Track.TWO, b"".join(bytes(30) + frame for frame in frames)).data == max(b"936412", second, key=len)


@pytest.mark.parametrize(("track", "text", "expected"), [
    (Track.ONE, b";123?", ("NO_START", 0)),
    (Track.TWO, b"", ("NO_START", 0)),
    (Track.TWO, b";123", ("NO_END", 4)),
    (Track.TWO, b";12A3?", ("ALPHABET", 3)),
    (Track.TWO, b";12;3?", ("ALPHABET", 3)),
    (Track.ONE, b"%ABCd?", ("ALPHABET", 4)),
    (Track.TWO, b";123?99", ("LRC", 5)),
    (Track.TWO, b";" + b"1" * 38 + b"?", ("TOO_LONG", 40)),
    (Track.ONE, b"%" + b"1" * 77 + b"?", ("TOO_LONG", 79)),
    (Track.THREE, b";" + b"1" * 105 + b"?", ("TOO_LONG", 107)),
])
def test_text_that_is_no_track_is_named_by_kind_and_place(
    track: Track, text: bytes, expected: tuple[str, int],
) -> None:
    with pytest.raises(StationError) as error:
        from_text(track, text)
    assert fault_of(error) == expected
    assert error.value.detail["track"] == track


@pytest.mark.parametrize(("track", "most"), [(Track.ONE, 76), (Track.TWO, 37), (Track.THREE, 104)])
def test_the_longest_data_of_each_track_fits(track: Track, most: int) -> None:
    data = b"1" * most
    assert decode(track, encode(track, data)).data == data
    with pytest.raises(StationError, match="TOO_LONG"):
        encode(track, data + b"1")


def test_another_alphabet_may_stand_on_a_track() -> None:
    assert track_data(Track.TWO, b"ABC", IATA).data == b"ABC"
    with pytest.raises(StationError, match="ALPHABET"):
        track_data(Track.TWO, b"ABC")


def test_no_card_data_in_repr_or_error() -> None:
    number = b"9364123456789012"
    assert "9364" not in repr(track_data(Track.TWO, number))
    with pytest.raises(StationError) as error:
        from_text(Track.TWO, b";" + number + b"A?")
    assert "9364" not in str(error.value)
    assert "9012" not in repr(error.value.detail)


def test_wipe_overwrites_in_place() -> None:
    buffer = bytearray(b"9364123456789012")
    with memoryview(buffer) as memory:
        wipe(buffer)
        assert memory == bytes(16)


def test_results_are_copies_that_can_be_wiped_alone() -> None:
    text = bytearray(b";123?")
    read = from_text(Track.TWO, text)
    wipe(read.data)
    assert text == b";123?"
    assert read.data == bytes(3)
