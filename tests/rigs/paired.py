"""A station that is paired with a head office nobody runs: its folder, as ``stationctl pair`` leaves it."""

from pathlib import Path

from data.key_places import KeyPlace
from data.sealed import recovery_public
from station.text import Text
from sync.ed25519 import public_key
from sync.enrol import Enrolment
from sync.keys import OwnKeys
from tests.rigs.keyrings import PLACES
from ui.wiring import Home, Paired, keep_pairing

RECOVERY = bytes(range(100, 132))
"""Head office's private recovery key."""

CARD_KEY = bytes(range(200, 232))
STATION_KEY = bytes(range(150, 182))
OFFICE = "http://127.0.0.1:9"
"""An address where nothing listens."""


def paired_station(folder: Path, places: tuple[KeyPlace, ...] = PLACES) -> tuple[Home, Paired]:
    """Pair the station in ``folder``, its key in the keyring of ``tests.rigs.keyrings`` unless told otherwise."""
    home = Home(folder, places)
    who = Paired(OFFICE, Enrolment(
        "12-1", "12", Text("شعبهٔ ونک", "Vanak branch"), CARD_KEY, public_key(bytes(32)), recovery_public(RECOVERY),
        OwnKeys(STATION_KEY), "", public_key(STATION_KEY)))
    keep_pairing(home, who)
    return home, who
