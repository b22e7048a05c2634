"""The steps by which a file became what it is: named, taken once each, written down in the file itself.

sqlite-utils takes them, and keeps them in its own table. Loading it takes longer than opening a file, and a
file whose steps are all taken does not need it; so which are taken is asked without it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.tables import Tables

Step = Callable[["Tables"], None]


class Steps:
    """The steps of one kind of file, in order. ``@steps`` over a function makes it the next, under its own name."""

    def __init__(self, kind: str) -> None:
        """``kind`` names them in the file."""
        self.kind = kind
        self._steps: dict[str, Step] = {}

    def __call__(self, step: Step) -> Step:
        """Add ``step``. Raises ``ValueError`` for a name that is there already."""
        name = step.__name__
        if name in self._steps:
            message = f"{self.kind}: two steps are called {name!r}"
            raise ValueError(message)
        self._steps[name] = step
        return step

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(self._steps)

    def taken(self, connection: Any) -> tuple[str, ...]:
        """Return the names of the steps the file has taken, in order; () for a new one."""
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
            return ()
        return tuple(name for name, in connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", (self.kind,)))

    def take(self, connection: Any) -> None:
        """Take those that are not taken, each in a transaction with the note that it was."""
        from data.tables import take

        take(connection, self.kind, self._steps)
