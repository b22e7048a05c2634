"""The report for support: one zip file with the log and the state of everything, and nothing personal in it.

Every text in it passed ``ui.scrub``. Moments are told as minutes before the report was made.
"""

import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from station.clock import MICROSECONDS_PER_MINUTE, Moment
from station.errors import ErrorCode
from sync.state import SyncState
from ui.export.whole import write_whole
from ui.presenters.diagnostics_facts import Aside, Backlog, Disk, States, Stock
from ui.scrub import Scrubber
from ui.settings import Settings

LOG_BYTES = 512 * 1024
"""The end of each log that goes into the report."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a report. ``settings`` is the sentence of what was amiss where they were not understood.

    ``office_ahead_us``: head office's time less this computer's, None where it is not known. None of
    the others means that nothing is known of it.
    """

    station: str
    versions: Sequence[tuple[str, str]]
    logs: Sequence[Path]
    settings: Settings | str
    states: States = States()  # noqa: RUF009 - frozen
    backlog: Backlog | None = None
    aside: Sequence[Aside] = ()
    stocks: Sequence[Stock] = ()
    disk: Disk | None = None
    office_ahead_us: int | None = None


def write_report(folder: Path, contents: Contents, at: Moment) -> Path:
    """Write the report made ``at`` into ``folder`` and return its path: whole under that name, or not at all.

    A log that cannot be read is left out. Raises ``StationError`` as ``ui.export.whole.write_whole``.
    """
    scrub = Scrubber()
    hours, minutes = divmod(at.minute_of_day, 60)
    target = folder / f"card-station-report-{at.date}-{hours:02}{minutes:02}.zip"
    files = {"report.json": _json(_state(contents, at, scrub)), "settings.json": _json(_settings(contents, scrub))}
    ends = ((path.name, _end_of(path)) for path in contents.logs)
    files |= {f"logs/{name}": scrub.text(end) for name, end in ends if end is not None}
    write_whole(target, _zipped(files))
    return target


def _zipped(files: Mapping[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return held.getvalue()


def _end_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return None


def _settings(contents: Contents, scrub: Scrubber) -> Any:
    settings = contents.settings
    return scrub.value({"not understood": settings} if isinstance(settings, str) else msgspec.to_builtins(settings))


def _state(contents: Contents, at: Moment, scrub: Scrubber) -> dict[str, Any]:
    made = {
        "station": contents.station, "versions": [" ".join(each) for each in contents.versions],
        "readers": [_plain(each) for each in contents.states.readers], "printer": _plain(contents.states.printer),
        "sync": _sync(contents.states.sync, at),
        "unsent": None if contents.backlog is None else {
            "entries": contents.backlog.unsent, "oldest": _minutes_ago(contents.backlog.oldest_us, at)},
        "aside": [_plain(each) for each in contents.aside],
        "stocks": [{"kind": each.kind.value, "version": each.version, "count": each.count,
                    "taken": _minutes_ago(each.taken_us, at), "since": _minutes_ago(each.since_us, at)} for each in contents.stocks],
        "disk": _plain(contents.disk),
        "clock": None if contents.office_ahead_us is None else {"office_ahead_s": contents.office_ahead_us // 1_000_000},
        "check": {**_plain(contents.states.check), "ended_us": _minutes_ago(contents.states.check.ended_us, at)}}
    told: dict[str, Any] = scrub.value(made)
    return {"made": f"{at.date} {at.minute_of_day // 60:02}:{at.minute_of_day % 60:02}", "offset": at.offset, **told}


def _sync(state: SyncState | None, at: Moment) -> dict[str, Any] | None:
    if state is None:
        return None
    plain: dict[str, Any] = _plain(state)
    progress, book = plain["progress"], plain["book"]
    progress["last_us"], progress["next_us"] = (
        _minutes_ago(each, at) for each in (state.progress.last_us, state.progress.next_us))
    if state.book and state.book.stamp:
        book["stamp"]["taken_us"] = _minutes_ago(state.book.stamp.taken_us, at)
    return plain


def _plain(value: object) -> Any:
    """Return a value as plain data, with the numbered faults in it by their name."""
    made = msgspec.to_builtins(value)
    if isinstance(made, dict) and made.get("error") is not None:
        made["error"] = ErrorCode(made["error"]).name
    return made


def _minutes_ago(utc_us: int | None, at: Moment) -> int | None:
    return None if utc_us is None else (at.utc_us - utc_us) // MICROSECONDS_PER_MINUTE


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=True)
