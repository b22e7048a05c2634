"""How much of an account can be spent now, who says so, and until when. No Qt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.spending import Spendable
from ui.format import Format
from ui.text import Words, mark

_SHORT = {
    ErrorCode.SPENDING_SHORT: (mark("No more than {available} can be spent."), "available"),
    ErrorCode.LEASE_SHORT: (mark("While head office cannot be reached, no more than {spendable} can be spent."), "spendable"),
    ErrorCode.HOLDER_LIMIT: (mark("Whoever holds this card may spend no more than {available} today."), "available"),
}


def spendable_words(found: Spendable, amount: str, now: Moment, words: Words, style: Format) -> str:
    """Return the sentence: ``amount`` is that of ``found``, as points or as money; times are those of ``now``'s place."""
    if found.online:
        return words("{amount} can be spent: head office says so now.", amount=amount)
    if found.until_us is None:
        return words("Head office cannot be reached and nothing is set aside for this station: "
                     "nothing can be spent until the connection is back.")
    return words("Offline: {amount} can be spent here, set aside for this station until {moment}.",
                 amount=amount, moment=_moment(found.until_us, now, style))


def short_words(fault: StationError, write: Callable[[int], str], words: Words) -> str:
    """Return the sentence of SPENDING_SHORT, LEASE_SHORT or HOLDER_LIMIT with its figure as ``write`` has it, else of any."""
    sentence, name = _SHORT.get(fault.code, ("", ""))
    figure = fault.detail.get(name)
    if not isinstance(figure, int):
        return words.error(fault)
    return f"{words(sentence, **{name: write(figure)})} (E{fault.code.value})"


def _moment(at_us: int, now: Moment, style: Format) -> str:
    place = datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone(timezone(timedelta(minutes=now.offset)))
    time = style.time(place.hour * 60 + place.minute)
    day = place.date().isoformat()
    return time if day == now.date else f"{style.date(day)} {time}"
