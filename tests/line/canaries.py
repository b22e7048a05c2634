"""Bank card numbers made for the canary test, their spellings, and the search for what they left."""

import base64
import binascii
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import ndef

from data.database import driver
from station.card_record import RECORD_TYPE, pack
from tests.rigs.proven_cards import ndef_of, signed, tapped

COUNT = 500
MIDDLE = 8
# Brand prefixes and lengths from the public tables, every fifth from the Iranian (Shetab) lists.
BRANDS = (
    ("4", 16), ("51", 16), ("2221", 16), ("34", 15), ("37", 15), ("36", 14), ("3528", 16), ("6011", 16),
    ("62", 16), ("65", 16), ("5018", 16), ("2200", 16), ("9792", 16), ("8600", 16), ("9860", 16),
)
IRANIAN = (
    "603799", "610433", "627353", "589210", "621986", "502229", "636214", "628023", "639607", "991975",
    "207177", "170019", "903769", "505785", "606373",
)
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_RUN = re.compile(r"[0-9]{8,}")
_HEX_RUN = re.compile(r"(?:3[0-9]){8,}")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/]{12,}={0,2}")


def numbers() -> list[str]:
    """The same 500 numbers each time, all with a good Luhn digit."""
    chance = random.Random(1405)  # noqa: S311 - made to be the same each time
    made = []
    for place in range(COUNT):
        prefix, length = (IRANIAN[place // 2 % len(IRANIAN)], 16) if place % 2 else BRANDS[place // 2 % len(BRANDS)]
        body = prefix + "".join(chance.choices("0123456789", k=length - 1 - len(prefix)))
        made.append(body + _check_digit(body))
    return made


def _check_digit(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def typed(number: str, place: int) -> str:
    """One of the ways a person writes a number."""
    groups = [number[start:start + 4] for start in range(0, len(number), 4)]
    return (number, " ".join(groups), "-".join(groups), number.translate(_PERSIAN))[place % 4]


def swiped(number: str, place: int) -> str:
    """One of the ways a stripe reader types a card: tracks alone, both, torn off, two cards glued."""
    one = f"%B{number}^SHAH/RIAR^2812101000000000?"
    two = f";{number}=28121010000083100000?"
    return (two, one, one + two, two[:-8], one[:30], two + two)[place % 6] + "\r"


def on_chip(number: str, place: int) -> bytes:
    """One of the ways an NDEF message can hold a number that it should not: in the club's own record, in a tap's address."""
    own = f"urn:nfc:ext:{RECORD_TYPE}"
    return (
        b"".join(ndef.message_encoder([ndef.Record(own, "", number.encode())])),
        ndef_of(signed(number, "04A1B2C3D4E5F6")), ndef_of(tapped(number)),
        b"".join(ndef.message_encoder([ndef.Record(own, "", pack(signed("9364000000000076")) + number.encode())])),
    )[place % 4]


class Search:
    """Looks for the middle eight digits of each canary, however they are written."""

    def __init__(self, made: Iterable[str]) -> None:
        self._middles = {number[(len(number) - MIDDLE) // 2:][:MIDDLE] for number in made}

    def hits(self, content: bytes) -> list[str]:
        """The middles found in ``content``: plain, parted, Persian, UTF-16, hexadecimal or base64."""
        found = list(self._in_text(content.decode("utf-8", errors="ignore")))
        found += self._in_text(content.decode("utf-16-le", errors="ignore"))
        for run in _BASE64_RUN.findall(content):
            try:
                found += self._in_text(base64.b64decode(run + b"=" * (-len(run) % 4)).decode("latin-1"))
            except binascii.Error:
                continue
        return found

    def _in_text(self, text: str) -> Iterator[str]:
        plain = re.sub(r"(?<=[0-9])[ \-.](?=[0-9])", "", text.translate(_LATIN))
        runs = _RUN.findall(plain)
        runs += [bytes.fromhex(run).decode() for run in _HEX_RUN.findall(text)]
        for run in runs:
            yield from (run[at:at + MIDDLE] for at in range(len(run) - MIDDLE + 1)
                        if run[at:at + MIDDLE] in self._middles)


def contents(folder: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Every file below ``folder`` by name, databases also decrypted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
        if path.suffix == ".db":
            yield f"{path.name}, decrypted", _dump(path, _key_of(path, key))


def _key_of(path: Path, key: bytes) -> bytes:
    """The key of ``path``: a member file has its own, which the journal beside it holds."""
    if not path.name.startswith("members-"):
        return key
    journal = driver.connect(str(path.with_name("journal.db")))
    journal.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    [(found,)] = journal.execute("SELECT key FROM member_file WHERE name = ?", (path.name,)).fetchall()
    journal.close()
    return bytes(found)


def _dump(path: Path, key: bytes) -> bytes:
    """Every value of every table; large whole numbers as hexadecimal, for they are hashes."""
    connection = driver.connect(str(path))
    if not path.read_bytes().startswith(b"SQLite format 3"):
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    lines: list[bytes] = []
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - names from the file
        lines += [b"|".join(map(_shown, row)) for row in rows]
    connection.close()
    return b"\n".join(lines)


def _shown(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, int) and value > 2**53:
        return f"{value:#x}".encode()
    return str(value).encode()
