"""Which chip with keys of its own a processor card is, by its answer to GetVersion (NXP NT4H2421Gx, 10.4; MF3D(H)x2)."""

from drivers.apdu import Command, Exchange
from station.card_task import Technology

_GET_VERSION = Command(0x90, 0x60, 0x00, 0x00, expected=256)
_MORE = Command(0x90, 0xAF, 0x00, 0x00, expected=256)
_MORE_FOLLOWS = 0x91AF
_NXP, _DESFIRE, _NTAG = 0x04, 0x01, 0x04
_HEAD_BYTES = 7
_NTAG_424_DNA = 0x30
_EV1_VERSION = 0x01
"""Major hardware version: DESFire EV1 01, EV2 12, EV3 33; the later two know AuthenticateEV2First."""


def technology_of(exchange: Exchange) -> Technology | None:
    """Return how the chip proves itself, None for one that does not say, or is another.

    Hardware part of the version: vendor, type, subtype, major and minor version, storage, protocol.
    """
    answer = exchange(_GET_VERSION)
    if answer.status != _MORE_FOLLOWS or len(answer.data) != _HEAD_BYTES:
        return None
    # The rest is fetched, because a chip takes what comes before it for a breach.
    while exchange(_MORE).status == _MORE_FOLLOWS:
        pass
    vendor, kind, _, major, *_ = answer.data
    if (vendor, kind, major) == (_NXP, _NTAG, _NTAG_424_DNA):
        return Technology.NTAG424
    if (vendor, kind) == (_NXP, _DESFIRE):
        return Technology.DESFIRE_EV1 if major <= _EV1_VERSION else Technology.DESFIRE_EV2
    return None
