"""Every sentence of the console has its Persian."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "headoffice"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "gettext_lazy": None}
TEMPLATE = re.compile(r'translate "([^"]+)"')
PLACE = re.compile(r"\{\w+\}|%\(\w+\)s")


def catalogue() -> dict[str, str]:
    with (PACKAGE / "locale/fa/LC_MESSAGES/django.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and not message.fuzzy}


def test_no_sentence_is_without_its_persian() -> None:
    known = catalogue()
    used = {str(found[2]) for found in extract_from_dir(
        PACKAGE, [("console/**.py", "python"), ("settings.py", "python")], keywords=KEYWORDS)}
    for template in PACKAGE.rglob("*.html"):
        used |= set(TEMPLATE.findall(template.read_text(encoding="utf-8")))
    assert len(used) > 70
    assert sorted(message for message in used if not known.get(message)) == []


def test_no_translation_loses_a_figure() -> None:
    assert [message for message, persian in catalogue().items()
            if sorted(PLACE.findall(message)) != sorted(PLACE.findall(persian))] == []
