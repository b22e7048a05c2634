"""From what a reader sent to a card of the club; the bank-card guard always speaks first."""

from drivers.bank_cards import Lane, is_bank_card, is_bank_track
from drivers.club_profile import CheckDigit, ClubProfile
from drivers.track_frames import Swipe, WedgeProfile, read_wedge
from drivers.tracks import Track, TrackFault, wipe
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import from_tracks, pack
from station.errors import ErrorCode, StationError

_AIM_FLAG = 0x5D
_AIM_LENGTH = 3
_AIM_QR = ord("Q")
DEMO_CLUB = ClubProfile(Track.TWO, "9364", (16,), CheckDigit.LUHN)
"""The demo shop's cards: no bank's numbers begin so (docs of the demo at head office)."""


def refuse_bank_card(raw: str | bytes | bytearray, lane: Lane, club: ClubProfile) -> None:
    """Raise ``StationError`` CARD_IS_BANK_CARD, with nothing of ``raw`` in it, if that is one."""
    if is_bank_card(raw, lane, club.own):
        raise StationError(ErrorCode.CARD_IS_BANK_CARD)


def without_aim(code: bytearray) -> Medium | None:
    """Take the scanner's own mark off ``code`` and return what it says was scanned, None without one.

    The mark is "]", a letter and a digit (AIM identifier, ISO/IEC 15424), Q for a QR code. Its
    digit stands before the number and would hide a bank's from the guard.
    """
    if len(code) < _AIM_LENGTH or code[0] != _AIM_FLAG or not code[1:2].isalpha() or not code[2:3].isalnum():
        return None
    medium = Medium.QR if code[1] == _AIM_QR else Medium.BARCODE
    code[:_AIM_LENGTH] = bytes(_AIM_LENGTH)
    del code[:_AIM_LENGTH]
    return medium


def tap_of_burst(burst: bytearray, wedge: WedgeProfile, club: ClubProfile, reader: str) -> Tap:
    """Return the tap of the card in ``burst``, what the stripe ``reader`` sent as text for one swipe; wipes it.

    Raises ``StationError``: CARD_IS_BANK_CARD, CARD_NOT_OF_CLUB, SWIPE_INCOMPLETE when the end is
    missing, CARD_UNREADABLE (``fault``, ``position``, ``track``) for everything else.
    """
    try:
        refuse_bank_card(burst, Lane.STRIPE, club)
        swipe = _read(burst, wedge)
    finally:
        wipe(burst)
    if isinstance(swipe, StationError):
        raise swipe
    return tap_of_swipe(swipe, club, reader)


def _read(burst: bytearray, wedge: WedgeProfile) -> Swipe | StationError:
    try:
        return read_wedge(burst, wedge)
    except StationError as fault:
        if fault.detail.get("fault") == TrackFault.NO_END:
            return StationError(ErrorCode.SWIPE_INCOMPLETE)
        return anew(fault)


def anew(fault: StationError) -> StationError:
    """Return ``fault`` without its traceback, whose frames hold the card's characters."""
    return StationError(fault.code, **fault.detail)


def tap_of_swipe(swipe: Swipe, club: ClubProfile, reader: str) -> Tap:
    """Return the tap of the card in ``swipe``, with its record if tracks 1 and 3 hold one, and wipe it.

    Raises ``StationError``: CARD_IS_BANK_CARD; CARD_UNREADABLE (``track``) when the track the
    number should be on could not be read; CARD_NOT_OF_CLUB.
    """
    try:
        if any(is_bank_track(track, club.own) for track in swipe.tracks):
            raise StationError(ErrorCode.CARD_IS_BANK_CARD)
        number = club.recognise(swipe.tracks)
        if number is not None:
            return Tap(reader, Medium.STRIPE, number, Evidence.TRACK, proofs=_record(number, swipe))
        if club.track in swipe.unread:
            raise StationError(ErrorCode.CARD_UNREADABLE, track=club.track.value)
        raise StationError(ErrorCode.CARD_NOT_OF_CLUB)
    finally:
        swipe.wipe()


def _record(number: str, swipe: Swipe) -> tuple[Proof, ...]:
    """Return the record beside ``number``; half of one proves nothing and is none."""
    text = {track.track: track.data.decode("ascii") for track in swipe.tracks}
    try:
        record = from_tracks(number, text.get(Track.ONE, ""), text.get(Track.THREE, ""))
    except ValueError:
        return ()
    return (Proof(ProofKind.RECORD, pack(record)),)
