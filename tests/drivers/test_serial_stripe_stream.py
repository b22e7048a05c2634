"""Cutting a stripe reader's text into swipes: pure, in whatever pieces it arrives."""

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.streams import SwipeStream
from drivers.track_frames import MAGTEK, WedgeProfile

SETTLE_S, GAP_S = 0.03, 0.3
ONE, TWO, THREE = "%A?", ";1?", "+2?"
SHAPES = (ONE + TWO, ONE + TWO + THREE, TWO, ONE, TWO + THREE)


def cut(pieces: list[bytes], wedge: WedgeProfile = MAGTEK) -> list[bytes]:
    """Return the swipes in ``pieces`` that come at once, and those that silence ends."""
    stream = SwipeStream(wedge, SETTLE_S, GAP_S)
    swipes: list[bytes] = []

    def take(now_s: float) -> None:
        while (taken := stream.take(now_s)) is not None:
            swipes.append(bytes(taken))

    for piece in pieces:
        stream.add(piece, 0.0)
        take(0.0)
    take(GAP_S)
    assert stream.due_s(GAP_S) == inf
    return swipes


def split(data: bytes, places: set[int]) -> list[bytes]:
    """Return ``data`` cut at these places, as far as it has them."""
    edges = sorted({0, len(data), *(place for place in places if place < len(data))})
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=8), st.sampled_from(["\r", "\n", "\r\n"]),
       st.sets(st.integers(1, 100)))
def test_swipes_of_one_shape_and_another_are_parted_in_any_pieces(
    shapes: list[str], line_end: str, places: set[int],
) -> None:
    # A card with track 1 only, then one without it, at one moment: nobody can tell them from one card.
    swipes = [*shapes]
    for earlier, later in pairwise(shapes):
        if earlier == ONE and not later.startswith("%"):
            return
    text = "".join(swipe + line_end for swipe in swipes).encode()
    assert cut(split(text, places)) == [swipe.encode() for swipe in swipes]


@given(st.integers(1, 6), st.sets(st.integers(1, 100)))
def test_tracks_on_lines_of_their_own_make_one_swipe(count: int, places: set[int]) -> None:
    text = f"{ONE}\r\n{TWO}\r\n{THREE}\r\n".encode() * count
    assert cut(split(text, places)) == [(ONE + TWO + THREE).encode()] * count


@given(st.lists(st.binary(max_size=600), max_size=5))
def test_nothing_is_held_for_ever_and_nothing_but_line_ends_is_lost(pieces: list[bytes]) -> None:
    assert b"".join(cut(pieces)) == b"".join(pieces).translate(None, b"\r\n")


def test_a_swipe_is_over_at_once_when_nothing_can_follow_it() -> None:
    stream = SwipeStream(MAGTEK, SETTLE_S, GAP_S)
    stream.add(f"{ONE}{TWO}{THREE}\r".encode(), 0.0)
    assert stream.take(0.0) == bytearray((ONE + TWO + THREE).encode())


def test_a_reader_that_ends_swipes_not_tracks_is_not_waited_for() -> None:
    stream = SwipeStream(MAGTEK, 0.0, GAP_S)
    stream.add(f"{ONE}{TWO}\r".encode(), 1.0)
    assert stream.take(1.0) == bytearray((ONE + TWO).encode())


@pytest.mark.parametrize(("text", "limit_s"), [(f"{ONE}{TWO}\r", SETTLE_S), (ONE + TWO, GAP_S), ("%A", GAP_S)])
def test_silence_ends_what_nothing_else_ends(text: str, limit_s: float) -> None:
    stream = SwipeStream(MAGTEK, SETTLE_S, GAP_S)
    stream.add(text.encode(), 1.0)
    assert stream.take(1.0 + limit_s * 0.9) is None
    assert stream.due_s(1.0 + limit_s / 2) == pytest.approx(limit_s / 2)
    assert stream.take(1.0 + limit_s * 1.1) == bytearray(text.rstrip().encode())


def test_an_lrc_is_no_sentinel_and_what_comes_before_tracks_is_none() -> None:
    wedge = WedgeProfile(before="<", lrc=True)
    assert cut([b"<%A?;;1?;\r<%A?;;1?;\r"], wedge) == [b"<%A?;;1?;"] * 2
