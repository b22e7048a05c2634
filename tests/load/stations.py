"""``python -m tests.load.stations HOME COUNT``: pair so many stations with the head office in HOME, without codes.

Those that are there already stay. Their keys follow from their names, so whoever plays them knows them.
"""

import hashlib
import sys
from pathlib import Path

from sync.ed25519 import public_key
from sync.keys import Identity

SHOP = "12"


def identity(number: int) -> Identity:
    """Station ``number``, from 1, and its private key."""
    name = f"{SHOP}-{number}"
    return Identity(name, hashlib.sha256(f"load {name}".encode()).digest())


def incarnation(number: int) -> str:
    """The name of the journal of station ``number``."""
    return hashlib.sha256(f"journal {number}".encode()).hexdigest()[:32]


def main() -> None:
    """Do it."""
    from headoffice import main as program

    program.bootstrap(Path(sys.argv[1]))
    from headoffice.stations.models import Station

    who = [identity(number) for number in range(1, int(sys.argv[2]) + 1)]
    Station.objects.bulk_create(
        (Station(id=each.station, shop=SHOP, public_key=public_key(each.key), paired_us=0) for each in who),
        ignore_conflicts=True)


if __name__ == "__main__":
    main()
