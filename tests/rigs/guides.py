"""What can go stale in a guide, each found by comparing with the program: pictures, words of the screen, keys."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from babel.messages.pofile import read_po

from tests.ui.pictures import all_pictures
from ui.text import DOMAIN, LOCALE, SOURCE_LANGUAGE

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"
_IMAGE = re.compile(r'(?:<img src="|!\[[^\]]*\]\()([^")]+)')
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BOLD_AND_KEY = re.compile(r"\*\*([^*]+)\*\* \(`([^`]+)`\)")
_HEADING = re.compile(r"^#+ ", re.MULTILINE)


def translations() -> dict[str, str]:
    """Return every sentence of the counter in English, and what it is in Persian."""
    with (LOCALE / "fa" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id}


def labels(language: str) -> set[str]:
    """Return every sentence of the counter in ``language``."""
    known = translations()
    return set(known if language == SOURCE_LANGUAGE else known.values())


def stale_pictures(text: str, language: str, folder: Path = DOCS) -> list[str]:
    """Return the pictures of ``text``, a file in ``folder``, that no test draws and compares, or that show another language."""
    compared = {each.file.resolve() for each in all_pictures() if each.language == language}
    return [name for name in _IMAGE.findall(text) if (folder / name).resolve() not in compared]


def unknown_words(text: str, known: Collection[str]) -> list[str]:
    """Return what is bold and is none of the ``known`` words of screens and keys."""
    return [each for each in _BOLD.findall(text) if each not in known]


def wrong_keys(text: str, keys: Mapping[str, str]) -> list[str]:
    """Return what is bold with a key behind it that does something else; ``keys`` tells what each does."""
    return [f"{name} ({key})" for name, key in _BOLD_AND_KEY.findall(text) if keys.get(key) != name]


def key_table(text: str) -> dict[str, str]:
    """Return the table of keys of the guide: what each does."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")]
    pairs = [pair for row in rows for pair in zip(row[::2], row[1::2], strict=True) if pair[0]]
    return {key.strip("`"): meaning for key, meaning in pairs}


def sections(text: str, persian: Mapping[str, str]) -> list[tuple[int, Counter[str]]]:
    """Return for each section how many pictures it has and what is bold in it, as ``persian`` translates it."""
    return [(len(_IMAGE.findall(part)), Counter(persian.get(each, each) for each in _BOLD.findall(part)))
            for part in _HEADING.split(text)]
