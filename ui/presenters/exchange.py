"""How far the exchange with head office is, in lines for the tool tip of the top bar. No Qt."""

from collections.abc import Iterator

from station.clock import MICROSECONDS_PER_MINUTE, MINUTES_PER_DAY, Moment
from station.dates import day_number, day_text
from sync.state import SyncState
from ui.format import Format
from ui.text import Words

_EPOCH_DAY = day_number("1970-01-01")


def progress_lines(state: SyncState, offset: int, words: Words, style: Format) -> Iterator[str]:
    """Yield what there is to say of ``state``; ``offset`` as of ``Moment``.

    How much of a running upload is done, when the last round went well, and while one did not, when
    the next attempt comes.
    """
    progress = state.progress
    if progress.total:
        yield words("{sent} of {total} sent, up to {batch} in a batch", sent=style.number(progress.sent),
                    total=style.number(progress.total), batch=style.number(progress.batch))
    if progress.last_us is not None:
        yield words("Last exchange: {moment}", moment=style.date_time(_local(progress.last_us, offset)))
    if progress.next_us is not None and (state.error or not state.online):
        yield words("Next attempt: {time}", time=style.time(_local(progress.next_us, offset).minute_of_day))


def _local(utc_us: int, offset: int) -> Moment:
    days = (utc_us // MICROSECONDS_PER_MINUTE + offset) // MINUTES_PER_DAY
    return Moment(utc_us, offset, day_text(_EPOCH_DAY + days))
