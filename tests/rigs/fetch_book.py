"""Fetches and installs the book of a folder, to be killed at any moment: ``fetch_book.py STATION SHOP``."""

import json
import sys
from pathlib import Path

from station.feed import Stamp
from sync.books import BookPull
from tests.rigs.books import INCARNATION, VERIFIER, BookShop, Desk


def main(station: Path, shop: Path) -> None:
    """Take step after step; say which was done."""
    told = json.loads((shop / "book.json").read_text(encoding="ascii"))
    office = BookShop(shop / "book.db", bytes.fromhex(told["key"]), Stamp(*told["stamp"]))
    desk = Desk(station)
    pull = BookPull(desk.books, office, VERIFIER)
    while pull.step(INCARNATION):
        print(f"{pull.percent} %", flush=True)  # noqa: T201 - the parent counts
    print("done", flush=True)  # noqa: T201 - as above
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
