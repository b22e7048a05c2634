"""Card detected → tap on the PC/SC rig, beside one bare exchange with the card; what parsing and guarding cost.

The rig's service looks for cards every 400 ms, so the time until a card is detected says nothing of
the station and is left out: a card that lies there is detected at the reader's first look.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import ndef
from smartcard import scard

from drivers.apdu import GET_UID
from drivers.bank_cards import Lane, is_bank_card
from drivers.chip import ChipProfile, ClubFile
from drivers.port import CardReader, Device
from drivers.readers.pcsc import PcscDriver
from drivers.tracks import Track, decode, encode
from tests.benchmarks.figure import Figure, in_turn, milliseconds
from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import READER, PcscService, reader_state
from tests.rigs.serial_hand import BANK_SWIPE, member
from tests.rigs.virtual_card import CLUB_APPLICATION, CLUB_FILE

RUNS = 60
ROUNDS = 200
TIMES = 100
US_PER_MS = 1000
UID = "04A1B2C3D4E5F6"
NUMBER = member(1)
MESSAGE = b"".join(ndef.message_encoder([ndef.UriRecord(f"https://club.example/c/{NUMBER}")]))
CARDS = {
    "NTAG, UID": ("ntag", b""), "NTAG, NDEF": ("ntag", MESSAGE), "Type 4, NDEF": ("type4", MESSAGE),
    "contact, file": ("file", NUMBER.encode()),
}
TRACKS = {
    Track.ONE: f"CLUB{NUMBER}^DEMO/MEMBER^2512".encode(), Track.TWO: f"{NUMBER}=2512".encode(),
    Track.THREE: f"{NUMBER}=2512".encode() * 4,
}
CLUB_SWIPE = f"%CLUB{NUMBER}^DEMO/MEMBER?;{NUMBER}=2512?".encode()


def measure(folder: Path) -> list[Figure]:
    """Medians; nothing is written to ``folder``."""
    assert folder
    figures = []
    with PcscService() as service, VirtualCard() as card:
        assert service
        for name, (kind, content) in CARDS.items():
            card.swap(UID, kind, content)
            while not reader_state() & scard.SCARD_STATE_PRESENT:
                time.sleep(0.01)
            figures.append(_tap(name))
    return figures + _parsing() + _guarding()


def _tap(name: str) -> Figure:
    """Have one card read by one reader after another, each of which sees it for the first time."""
    driver = PcscDriver(chips=ChipProfile(ClubFile(CLUB_APPLICATION, CLUB_FILE)))
    shown, bare = [], []
    context, card, exchange = _connected()
    for _ in range(RUNS):
        reader = driver.open(Device(f"pcsc:{READER}", READER))
        shown.append(milliseconds(partial(_wait, reader)))
        bare.append(milliseconds(exchange))
        reader.close()
    scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)
    return Figure(f"card detected, tap ({name})", median(shown), "ms", "one bare exchange with the card", median(bare))


def _wait(reader: CardReader) -> None:
    assert reader.wait(1.0)


def _connected() -> tuple[int, int, Callable[[], Any]]:
    """Return a context, a connected card and what asks it something."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    result, card, _ = scard.SCardConnect(
        context, READER, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
    assert result == scard.SCARD_S_SUCCESS
    return context, card, partial(scard.SCardTransmit, card, scard.SCARD_PCI_T1, list(GET_UID.encode()))


def _parsing() -> list[Figure]:
    figures = []
    for track, data in TRACKS.items():
        bits = bytes(40) + bytes(encode(track, data)) + bytes(40)
        figures.append(_beside_a_copy(f"parse track {track.value} ({len(data)} characters)", bits, partial(decode, track, bits)))
    return figures


def _guarding() -> list[Figure]:
    return [
        _beside_a_copy(f"bank-card guard ({name} swipe)", swipe, partial(is_bank_card, swipe, Lane.STRIPE))
        for name, swipe in (("club", CLUB_SWIPE), ("bank", BANK_SWIPE.encode()))]


def _beside_a_copy(name: str, data: bytes, action: Callable[[], object]) -> Figure:
    def copy() -> bytearray:
        return bytearray(data)

    def often(one: Callable[[], object]) -> None:
        for _ in range(TIMES):
            one()

    ours, bare = in_turn(ROUNDS, partial(often, action), partial(often, copy))
    return Figure(name, ours / TIMES * US_PER_MS, "µs", "a copy of the same bytes", bare / TIMES * US_PER_MS)
