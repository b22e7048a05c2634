"""``stationctl ledger``: replays a file of events to balances, lots and tiers on a day.

The file's form is described, with an example, in docs/points.md.
"""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from station.bonus import Visit
from station.dates import day_number
from station.points import Adjust, Earn, Merge, Redeem, Return, Transfer
from station.replay import Born, ClubRules, Event, Invite, Nightly, OnValue, replay
from station.stored_value import ValueAccount
from station.tiers import Floor

OK, MISUSED = 0, 2
FILE_VERSION = 1
REQUESTS: dict[str, type[Any]] = {
    "earn": Earn, "redeem": Redeem, "return": Return, "adjust": Adjust, "transfer": Transfer, "merge": Merge}
EVENTS: dict[str, type[Any]] = REQUESTS | {
    "visit": Visit, "floor": Floor, "invite": Invite, "born": Born, "nightly": Nightly}


class LedgerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file before its events are told apart by their ``type``."""

    version: int
    events: list[dict[str, Any]]
    rules: dict[str, Any] = {}
    accounts: list[dict[str, Any]] = []


def run_ledger(file: Path, at: str) -> int:
    """Print the replay of ``file`` to the day ``at`` as JSON and return 0; say what is wrong and return 2."""
    try:
        day_number(at)
        report = _replay(file.read_bytes(), at)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else str(error)
        print(f"{file}: {' '.join(str(words).split())}", file=sys.stderr)  # noqa: T201 - a command line
        return MISUSED
    print(json.dumps(report, indent=1, ensure_ascii=False))  # noqa: T201 - a command line
    return OK


def _replay(raw: bytes, at: str) -> Any:
    document = msgspec.json.decode(raw, type=LedgerFile)
    if document.version != FILE_VERSION:
        message = f"version {document.version}, expected {FILE_VERSION}"
        raise ValueError(message)
    rules: ClubRules = _value(document.rules, ClubRules, "rules")
    accounts = [_value(each, ValueAccount, f"accounts[{i}]") for i, each in enumerate(document.accounts)]
    events = [_event(each, f"events[{i}]") for i, each in enumerate(document.events)]
    return msgspec.to_builtins(replay(rules, accounts, events, at))


def _event(data: dict[str, Any], path: str) -> Event:
    """Return the event ``data`` describes; ``"ledger": "value"`` sends a request to stored value."""
    fields = dict(data)
    kind, ledger = fields.pop("type", None), fields.pop("ledger", "points")
    known = {"points": EVENTS, "value": REQUESTS}.get(ledger) if isinstance(ledger, str) else None
    if known is None:
        message = f"{path}.ledger: {ledger!r}, expected 'points' or 'value'"
        raise ValueError(message)
    if not isinstance(kind, str) or kind not in known:
        message = f"{path}.type: {kind!r}, expected one of {', '.join(known)}"
        raise ValueError(message)
    event: Event = _value(fields, known[kind], path)
    return OnValue(event) if ledger == "value" else event  # type: ignore[arg-type] # one of REQUESTS


def _value(data: object, kind: type[Any], path: str) -> Any:
    """Return ``data`` as a ``kind``, refusing with its path what is missing, wrong or not a field."""
    try:
        value = msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message = f"{path}: {error}"
        raise ValueError(message) from error
    _refuse_unknown(data, msgspec.to_builtins(value), path)
    return value


def _refuse_unknown(data: object, known: object, path: str) -> None:
    """Refuse fields that msgspec, which lets dataclasses have more than they know, passed over."""
    if isinstance(data, dict) and isinstance(known, dict):
        for name, each in data.items():
            if name not in known:
                message = f"{path}: no field {name!r}, expected one of {', '.join(known)}"
                raise ValueError(message)
            _refuse_unknown(each, known[name], f"{path}.{name}")
    elif isinstance(data, list) and isinstance(known, list):
        for i, (each, there) in enumerate(zip(data, known, strict=True)):
            _refuse_unknown(each, there, f"{path}[{i}]")
