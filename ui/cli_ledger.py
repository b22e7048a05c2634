"""``stationctl ledger``: replays a file of events to balances, lots and tiers on a day.

The file's form is described, with an example, in docs/points.md.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from station.club import ClubRules
from station.dates import day_number
from station.replay import Replay, replay
from station.stored_value import ValueAccount
from ui.cli_files import events_of, load, named


@dataclass(frozen=True)
class LedgerFile:
    """The file before its events are told apart by their ``type``."""

    version: int
    events: tuple[dict[str, Any], ...]
    rules: ClubRules = ClubRules()  # noqa: RUF009 - frozen
    accounts: tuple[ValueAccount, ...] = ()


def ledger_file(file: Path, at: str) -> str:
    """Return the replay of ``file`` to the day ``at``, as a JSON document. Raises ``ValueError``."""
    day_number(at)
    found = load(file, LedgerFile)

    def report() -> str:
        events = events_of(found.events, Replay(found.rules))
        return json.dumps(
            msgspec.to_builtins(replay(found.rules, found.accounts, events, at)), indent=1, ensure_ascii=False)

    return named(file, report)
