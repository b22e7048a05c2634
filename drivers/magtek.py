"""What a MagTek stripe reader in HID mode sends: one report for each swipe, also for one it could not read.

Source: MagTek 99875191 (USB HID Swipe Reader), section 4: decode status of tracks 1 to 3 (bit 0: error),
their lengths, the card's encode type, then 110 bytes for each track, of which its length is filled: the
track as ASCII from start to end sentinel. What stands after that is undefined and may be an earlier
card's, so it is never looked at. Readers that encrypt (99875338, 99875475) send longer reports.
"""

from drivers.bank_cards import Lane
from drivers.club_profile import ClubProfile
from drivers.reading import anew, refuse_bank_card, tap_of_swipe
from drivers.track_frames import MAGTEK_STARTS, Start, Swipe
from drivers.tracks import ABA, IATA, Track, TrackData, TrackFault, track_data, unreadable, wipe
from station.card import Tap
from station.errors import ErrorCode, StationError

TRACK_BYTES = 110
_LENGTHS = 3
_TRACKS = 7
REPORT_BYTES = _TRACKS + TRACK_BYTES * len(Track)
_ERROR = 1
_END = ord("?")
_STARTS = {(start.track, ord(start.sentinel)): start.alphabet for start in (
    *MAGTEK_STARTS,
    # As on the card, where a reader that types would change them to tell the tracks apart.
    Start("%", Track.TWO, IATA), Start("%", Track.THREE, IATA), Start(";", Track.THREE, ABA))}


def tap_of_report(report: bytearray, club: ClubProfile, reader: str) -> Tap:
    """Return the tap of the card whose swipe is ``report`` of the device at ``reader``; wipes it.

    Raises ``StationError``: CARD_IS_BANK_CARD, CARD_NOT_OF_CLUB, and as ``read_report`` does.
    """
    held = bytearray().join(_bodies(report)) if len(report) == REPORT_BYTES else report[_TRACKS:]
    try:
        refuse_bank_card(held, Lane.STRIPE, club)
        swipe = read_report(report)
    except StationError as fault:
        raise anew(fault) from None
    finally:
        wipe(held)
        wipe(report)
    return tap_of_swipe(swipe, club, reader)


def read_report(report: bytes | bytearray) -> Swipe:
    """Return the swipe in ``report``; a track that does not hold together is listed as unread.

    Raises ``StationError`` CARD_UNREADABLE: with ``answer`` ENCRYPTED for a report of a reader that
    encrypts, whose masked data is nobody's card; with ``bytes`` when it is too short; without any
    track, as ``track_data`` does for the first that could not be read, and with ``answer`` BLANK when
    the card holds nothing.
    """
    if len(report) > REPORT_BYTES:
        raise StationError(ErrorCode.CARD_UNREADABLE, answer="ENCRYPTED")
    if len(report) != REPORT_BYTES:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(report))
    tracks: list[TrackData] = []
    unread: list[Track] = []
    failure = StationError(ErrorCode.CARD_UNREADABLE, answer="BLANK")
    for status, track, body in zip(report, Track, _bodies(report), strict=False):
        try:
            read = _track(track, status, body)
        except StationError as fault:
            failure = fault if not unread else failure
            unread.append(track)
        else:
            tracks += [read] if read else []
        wipe(body)
    if not tracks:
        raise failure
    return Swipe(tuple(tracks), tuple(unread))


def _bodies(report: bytes | bytearray) -> list[bytearray]:
    """Return what is filled of each track's field."""
    starts = range(_TRACKS, REPORT_BYTES, TRACK_BYTES)
    lengths = report[_LENGTHS:_LENGTHS + len(Track)]
    return [bytearray(report[start:start + min(length, TRACK_BYTES)])
            for start, length in zip(starts, lengths, strict=True)]


def _track(track: Track, status: int, body: bytearray) -> TrackData | None:
    """Return what ``track`` holds, None when that is nothing."""
    if status & _ERROR:
        raise StationError(ErrorCode.CARD_UNREADABLE, track=track.value)
    if not body:
        return None
    alphabet = _STARTS.get((track, body[0]))
    if alphabet is None:
        raise unreadable(TrackFault.NO_START, 0, track)
    if body[-1] != _END or len(body) < 2:  # noqa: PLR2004 - two sentinels
        raise unreadable(TrackFault.NO_END, len(body), track)
    return track_data(track, body[1:-1], alphabet)
