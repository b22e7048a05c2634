"""Framings: keyboard streams with every sentinel, and the MSR dialogue to the byte."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.track_frames import (
    MAGTEK,
    Start,
    Swipe,
    WedgeProfile,
    check_msr_written,
    read_msr,
    read_msr_raw,
    read_wedge,
    write_msr,
    write_msr_raw,
)
from drivers.tracks import ABA, IATA, BitOrder, Track, encode, pack, track_data
from station.errors import ErrorCode, StationError

MSR: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "tracks.json").read_text(encoding="utf-8"))["msr"]
THREE_TRACKS = [track_data(Track(int(number)), text.encode()) for number, text in MSR["read"]["tracks"].items()]


def held(swipe: Swipe | None) -> dict[int, bytes]:
    assert swipe is not None
    return {track.track.value: bytes(track.data) for track in swipe.tracks}


def raw_answer(*packed: bytes, status: bytes = b"0") -> bytes:
    marked = (b"\x1b" + bytes((number, len(each))) + each for number, each in enumerate(packed, start=1))
    return b"\x1bs" + b"".join(marked) + b"?\x1c\x1b" + status


@pytest.mark.parametrize(("burst", "tracks", "unread"), [
    (b"%ABC?;123?+456?\r", {1: b"ABC", 2: b"123", 3: b"456"}, ()),
    (b"%M9364^X?\r", {1: b"M9364^X"}, ()),
    (b";9364?", {2: b"9364"}, ()),
    (b"@A1?#B2?", {2: b"A1", 3: b"B2"}, ()),
    (b"&C3?", {3: b"C3"}, ()),
    (b"!D4?", {3: b"D4"}, ()),
    (b"%A;+B?;1?", {1: b"A;+B", 2: b"1"}, ()),
    (b"%E?;123?\r", {2: b"123"}, (Track.ONE,)),
    (b"%E?;E?", {}, (Track.ONE, Track.TWO)),
])
def test_magtek_streams(burst: bytes, tracks: dict[int, bytes], unread: tuple[Track, ...]) -> None:
    swipe = read_wedge(burst)
    assert held(swipe) == tracks
    assert swipe.unread == unread


@pytest.mark.parametrize(("burst", "expected"), [
    (b"", {"fault": "NO_START", "position": 0}),
    (b"\r", {"fault": "NO_START", "position": 0}),
    (b"9364?", {"fault": "NO_START", "position": 0}),
    (b";123?x", {"fault": "NO_START", "position": 5}),
    (b"%ABC?;123\r", {"fault": "NO_END", "position": 9, "track": 2}),
    (b"%ABc?", {"fault": "ALPHABET", "position": 3, "track": 1}),
    (b";12A?", {"fault": "ALPHABET", "position": 3, "track": 2}),
    (b";123?;123?", {"fault": "TWICE", "position": 5, "track": 2}),
    (b";E?;123?", {"fault": "TWICE", "position": 3, "track": 2}),
])
def test_streams_that_are_no_swipe(burst: bytes, expected: dict[str, object]) -> None:
    with pytest.raises(StationError) as error:
        read_wedge(burst)
    assert error.value.code is ErrorCode.CARD_UNREADABLE
    assert error.value.detail == expected


def test_a_reader_may_be_set_up_otherwise() -> None:
    profile = WedgeProfile(
        starts=(Start("[", Track.ONE, IATA), Start("<", Track.TWO, ABA)), end=")", error="ERR",
        before="<<", after=">>", terminator="\t", lrc=True)
    swipe = read_wedge(b"<<[ERR)<12345)5>>\t", profile)
    assert held(swipe) == {2: b"12345"}
    assert swipe.unread == (Track.ONE,)
    with pytest.raises(StationError, match="LRC position=7 track=2"):
        read_wedge(b"<<<12345)6>>", profile)
    with pytest.raises(StationError, match="LRC"):
        read_wedge(b"<<<12345)", profile)
    with pytest.raises(StationError, match="NO_START"):
        read_wedge(b";12345?", profile)


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=120).map(str.encode))
def test_any_typing_is_a_swipe_or_unreadable(burst: bytes) -> None:
    swipe = Swipe((), (Track.ONE,))
    with suppress(StationError):
        swipe = read_wedge(burst, MAGTEK)
    assert swipe.tracks or swipe.unread


def test_wiping_a_swipe_wipes_every_track() -> None:
    swipe = read_wedge(b"%ABC?;123?")
    swipe.wipe()
    assert [track.data for track in swipe.tracks] == [bytes(3), bytes(3)]
    assert "123" not in repr(swipe)


def test_the_manuals_read_answer_arrives_byte_by_byte() -> None:
    answer = bytes.fromhex(MSR["read"]["bytes"])
    assert all(read_msr(answer[:length]) is None for length in range(len(answer)))
    swipe = read_msr(answer)
    assert swipe is not None
    assert list(swipe.tracks) == THREE_TRACKS


def test_the_manuals_write_command() -> None:
    assert write_msr(THREE_TRACKS).hex().upper() == MSR["write"]["bytes"]


@pytest.mark.parametrize(("answer", "tracks", "unread"), [
    (b"\x1bs\x1b\x01\x1b\x02;93641234?\x1b\x03?\x1c\x1b0", {2: b"93641234"}, ()),
    (b"\x1bs\x1b\x01\x1b+\x1b\x02;93641234?\x1b\x03\x1b+?\x1c\x1b0", {2: b"93641234"}, ()),
    (b"\x1bs\x1b\x01\x1b*\x1b\x02;93641234?\x1b\x03\x1b+?\x1c\x1b1", {2: b"93641234"}, (Track.ONE,)),
    (b"\x1bs\x1b\x01%abc?\x1b\x02;93641234?\x1b\x03?\x1c\x1b0", {2: b"93641234"}, (Track.ONE,)),
    (b"\x1bs\x1b\x01\x1b\x02\x1b\x03?\x1c\x1b0", {}, ()),
])
def test_blank_and_damaged_tracks_beside_a_good_one(
    answer: bytes, tracks: dict[int, bytes], unread: tuple[Track, ...],
) -> None:
    swipe = read_msr(answer)
    assert held(swipe) == tracks
    assert swipe is not None
    assert swipe.unread == unread


@pytest.mark.parametrize(("answer", "expected"), [
    (b"\x1bs\x1b\x01\x1b\x02\x1b\x03?\x1c\x1b1", {"answer": "MSR", "status": "31"}),
    (b"\x1bs\x1b\x01\x1b\x02;12A?\x1b\x03?\x1c\x1b0", {"fault": "ALPHABET", "position": 3, "track": 2}),
    (b"noise", {"answer": "MSR", "position": 0}),
    (b"\x1bs\x1b\x02", {"answer": "MSR", "position": 2}),
    (b"\x1bs\x1b\x01" + b"1" * 2000, {"answer": "MSR", "position": 2004}),
])
def test_answers_that_hold_no_card(answer: bytes, expected: dict[str, object]) -> None:
    with pytest.raises(StationError) as error:
        read_msr(answer)
    assert error.value.detail == expected


@pytest.mark.parametrize("order", BitOrder)
def test_raw_answers_go_by_length_and_not_by_escape(order: BitOrder) -> None:
    # Noise behind the second track looks like the end of an answer.
    packed = [bytes(pack(bytes(16) + encode(track.track, track.data), order)) for track in THREE_TRACKS]
    packed[1] = bytes(pack(encode(Track.TWO, b"606060=636"), order)) + bytes(4) + b"\x1b\x03?\x1c\x1b1"
    answer = raw_answer(*packed)
    assert all(read_msr_raw(answer[:length]) is None for length in range(len(answer)))
    assert held(read_msr_raw(answer)) == {1: b"01", 2: b"606060=636", 3: b"45"}


def test_a_raw_answer_with_a_scratched_track() -> None:
    scratched = bytearray(pack(encode(Track.ONE, b"ABCDEF"), BitOrder.LOW_FIRST))
    scratched[3] ^= 0x10
    good = bytes(pack(encode(Track.TWO, b"936412"), BitOrder.LOW_FIRST))
    swipe = read_msr_raw(raw_answer(bytes(scratched), good, bytes(12)))
    assert held(swipe) == {2: b"936412"}
    assert swipe is not None
    assert swipe.unread == (Track.ONE,)
    with pytest.raises(StationError, match="PARITY"):
        read_msr_raw(raw_answer(bytes(scratched), b"", b""))


def test_what_is_written_raw_reads_back() -> None:
    command = write_msr_raw(THREE_TRACKS)
    assert command.startswith(b"\x1bn\x1bs\x1b\x01")
    swipe = read_msr_raw(command[2:] + b"\x1b0")
    assert swipe is not None
    assert list(swipe.tracks) == THREE_TRACKS
    assert write_msr_raw(THREE_TRACKS[:1]).endswith(b"\x1b\x02\x00\x1b\x03\x00?\x1c")


def test_the_answer_to_a_write() -> None:
    assert not check_msr_written(b"")
    assert not check_msr_written(b"\x1b")
    assert check_msr_written(b"\x1b0")
    with pytest.raises(StationError, match="status=39"):
        check_msr_written(b"\x1b9")
    with pytest.raises(StationError, match="position=0"):
        check_msr_written(b"0")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_a_beginning_or_unreadable(raw: bytes) -> None:
    for read in (read_msr, read_msr_raw):
        for given_bytes in (raw, b"\x1bs\x1b\x01" + raw):
            swipe = None
            with suppress(StationError):
                swipe = read(given_bytes)
            assert swipe is None or given_bytes[:3] == b"\x1bs\x1b"
