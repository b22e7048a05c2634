"""Writing an NDEF message to a tag so that a write broken off leaves an empty tag, never half a message."""

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.apdu import Command, Exchange
from drivers.writer_port import CardLeft, write_failed
from station.errors import ErrorCode, StationError

Reader = Callable[[Exchange], bytes | None]
"""Reads a tag's message: b"" for an empty one, None where there is none."""


@dataclass(frozen=True, slots=True)
class TagPlan:
    """The ``commands`` that write ``message``, in order.

    The last one alone makes it count; until then the tag is as it was (before the first) or empty.
    ``undo`` has for each what puts back what was there, None where that meant nothing. ``empty`` takes a
    message that turned out wrong away again. ``held`` is the message that was there; ``is_as_before``
    tells whether the tag is byte for byte what it was.
    """

    message: bytes = field(repr=False)
    commands: tuple[Command, ...] = field(repr=False)
    undo: tuple[Command | None, ...] = field(repr=False)
    empty: Command = field(repr=False)
    held: bytes | None = field(repr=False)
    is_as_before: Callable[[Exchange], bool] = field(repr=False)


def carry_out(exchange: Exchange, plan: TagPlan, read: Reader) -> None:
    """Write as ``plan`` says; a tag that refuses a command on the way gets back what was on it.

    Raises ``StationError`` WRITE_FAILED (``left``, and the ``status`` of a refusal).
    """
    for place, command in enumerate(plan.commands):
        try:
            answer = exchange(command)
        except StationError:
            raise write_failed(_left_unheard(plan, place)) from None
        if not answer.is_success:
            raise write_failed(_left_refused(exchange, plan, place, read), status=f"{answer.status:04X}")


def verify(exchange: Exchange, plan: TagPlan, read: Reader) -> None:
    """Read back and compare; what is not as written is taken away again.

    Raises ``StationError`` WRITE_NOT_VERIFIED (``left``).
    """
    try:
        found = read(exchange)
        if found == plan.message:
            return
        exchange(plan.empty)
        left = _left_with(plan, read(exchange))
    except StationError:
        left = CardLeft.UNCHECKED
    raise write_failed(left, ErrorCode.WRITE_NOT_VERIFIED)


def _left_unheard(plan: TagPlan, place: int) -> CardLeft:
    """Return how a tag was left that did not answer command number ``place``, carried out or not."""
    if place == len(plan.commands) - 1 or (place == 0 and plan.held):
        return CardLeft.UNCHECKED
    return CardLeft.EMPTY


def _left_refused(exchange: Exchange, plan: TagPlan, place: int, read: Reader) -> CardLeft:
    """Return how a tag is left that refused command number ``place``, after what came before it was undone.

    A worn page may have taken something else than what was sent, so nothing is supposed: a message that
    is not whole again is taken away.
    """
    try:
        for command in reversed(plan.undo[:place]):
            if command is not None and not exchange(command).is_success:
                break
        if plan.is_as_before(exchange):
            return CardLeft.UNCHANGED
        if read(exchange):
            exchange(plan.empty)
        return _left_with(plan, read(exchange))
    except StationError:
        return CardLeft.UNCHECKED if plan.held else CardLeft.EMPTY


def _left_with(plan: TagPlan, found: bytes | None) -> CardLeft:
    """Return how a tag is left that holds ``found`` now: without a place for a message it is empty if it had none before."""
    return CardLeft.EMPTY if found == b"" or (found is None and plan.held is None) else CardLeft.HALF
