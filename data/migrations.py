"""The steps that make the station's two files; a released step is never edited."""

from importlib.resources import files
from typing import TYPE_CHECKING

from data.steps import Steps

if TYPE_CHECKING:
    from data.tables import Tables

JOURNAL = Steps("journal")
MEMBERS = Steps("members")


def _script(db: "Tables", name: str) -> None:
    """Run the statements of ``data/sql/<name>.sql``, separated by lines that hold only ``--``."""
    text = files("data").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    for statement in text.split("\n--\n"):
        db.execute(statement)


@JOURNAL
def journal_0001(db: "Tables") -> None:
    """Entries, what is derived from them, goods, packs, the mark and the print queue."""
    _script(db, "journal_0001")


@MEMBERS
def members_0001(db: "Tables") -> None:
    """Members, cards by keyed hash, and where the feed stands."""
    _script(db, "members_0001")
