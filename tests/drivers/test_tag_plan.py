"""Writing tags in memory: at every command a tag may be pulled away, and at every byte be worn out."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.apdu import Exchange
from drivers.cards import type2, type2_write, type4_write
from drivers.cards.record import record_message
from drivers.cards.tag_plan import Reader, TagPlan, carry_out, verify
from drivers.writer_port import CardLeft
from station.errors import ErrorCode, StationError
from tests.rigs.writable_cards import Writable, WritableTag, blank

UID = bytes.fromhex("04A1B2C3D4E5F6")
KINDS = ("ntag213", "ntag215", "type4")
OLD, NEW = record_message(b"o" * 92), record_message(b"n" * 94)
BYTES = range(16, 144)
EMPTY = frozenset((None, b""))


@dataclass
class Held:
    """A card in memory; what is sent to one that was pulled is not answered."""

    card: Writable
    gone: bool = False

    @property
    def exchange(self) -> Exchange:
        def transmit(command: bytes) -> bytes:
            answer = None if self.gone else self.card.answer(command)
            if answer is None:
                self.gone = True
                raise StationError(ErrorCode.CARD_UNREADABLE)
            return answer

        return Exchange(transmit)

    @property
    def read(self) -> Reader:
        return type2.ndef_message if isinstance(self.card, WritableTag) else type4_write.read_message

    def plan(self, message: bytes) -> TagPlan:
        exchange = self.exchange
        if isinstance(self.card, WritableTag):
            return type2_write.plan(exchange, type2_write.look(exchange), message)
        place, most, held = type4_write.look(exchange)
        return type4_write.plan(exchange, place, most, held, message)

    def write(self, message: bytes) -> None:
        plan, exchange = self.plan(message), self.exchange
        if not isinstance(self.card, WritableTag):
            type4_write.look(exchange)
            type4_write.plan(exchange, *type4_write.look(exchange), message)
        carry_out(exchange, plan, self.read)
        verify(exchange, plan, self.read)

    def mend(self) -> None:
        """Lay it down again: it answers, and its memory is sound."""
        self.gone, self.card.wear.pull, self.card.wear.tear = False, None, None
        self.card.wear.worn.clear()
        self.card.wear.false.clear()

    def message(self) -> bytes | None:
        return self.read(self.exchange)


def laid(kind: str, *messages: bytes) -> Held:
    held = Held(blank(kind, UID))
    for message in messages:
        held.write(message)
    return held


def fault_of(act: Callable[[], object]) -> StationError | None:
    """Return what ``act`` raises."""
    try:
        act()
    except StationError as fault:
        return fault
    return None


def broken_off(held: Held) -> StationError:
    fault = fault_of(lambda: held.write(NEW))
    assert fault is not None
    return fault


def check_what_was_said(held: Held, fault: StationError, before: bytes, old: bytes | None) -> None:
    """See that the tag is as the fault says, holds no half message, and can be written again."""
    held.mend()
    left, found = fault.detail["left"], held.message()
    if left == CardLeft.UNCHANGED:
        assert bytes(held.card.memory) == before
    elif left == CardLeft.EMPTY:
        assert found in EMPTY
    elif left == CardLeft.UNCHECKED:
        assert found in {old, NEW, *EMPTY}
    else:
        assert left == CardLeft.HALF
    if left != CardLeft.HALF:
        held.write(NEW)
        assert held.message() == NEW


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("old", [(), (OLD,)])
@pytest.mark.parametrize("wear", ["tear", "pull"])
def test_a_tag_pulled_away_at_any_write_holds_all_or_nothing(kind: str, old: tuple[bytes, ...], wear: str) -> None:
    writes = len(laid(kind, *old).plan(NEW).commands)
    states = set()
    for count in range(1, writes + 1):
        held = laid(kind, *old)
        memory, previous = bytes(held.card.memory), held.message()
        setattr(held.card.wear, wear, held.card.wear.writes + count - (wear == "pull"))
        fault = broken_off(held)
        assert fault.code is ErrorCode.WRITE_FAILED
        assert fault.detail["left"] != CardLeft.HALF
        states.add(fault.detail["left"])
        check_what_was_said(held, fault, memory, previous)
    assert {CardLeft.EMPTY, CardLeft.UNCHECKED} <= states


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("old", [(), (OLD,)])
@pytest.mark.parametrize("wear", ["worn", "false"])
def test_a_tag_worn_at_any_byte_is_said_to_be_as_it_is(kind: str, old: tuple[bytes, ...], wear: str) -> None:
    for at in BYTES:
        held = laid(kind, *old)
        memory, previous = bytes(held.card.memory), held.message()
        getattr(held.card.wear, wear).add(at)
        fault = fault_of(lambda: held.write(NEW))  # noqa: B023 - called at once
        if fault is None:
            assert held.message() == NEW
        else:
            assert fault.code in {ErrorCode.WRITE_FAILED, ErrorCode.WRITE_NOT_VERIFIED}
            check_what_was_said(held, fault, memory, previous)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("old", [(), (OLD,)])
def test_a_tag_with_a_worn_page_gets_back_what_was_on_it(kind: str, old: tuple[bytes, ...]) -> None:
    for at in (60, 100):
        held = laid(kind, *old)
        before = bytes(held.card.memory)
        held.card.wear.worn.add(at)
        fault = broken_off(held)
        # behind the length 0 of an empty file on a processor card nobody had anything
        said = CardLeft.EMPTY if kind == "type4" and not old else CardLeft.UNCHANGED
        assert (fault.code, fault.detail["left"]) == (ErrorCode.WRITE_FAILED, said)
        assert bytes(held.card.memory) == before or said is CardLeft.EMPTY


def test_a_tag_whose_old_message_cannot_be_put_back_is_emptied() -> None:
    held = laid("ntag215", OLD)
    held.card.wear.worn.add(100)

    plan, exchange = held.plan(NEW), held.exchange

    def wearing_out(command: bytes) -> bytes:
        """Answer; once the page before the worn one is written, one that was written well is worn too."""
        if command[:2] == b"\xff\xd6" and command[3] == 24:
            held.card.wear.worn.add(60)
        return exchange.relay(command)

    with pytest.raises(StationError) as caught:
        carry_out(Exchange(wearing_out), plan, held.read)
    assert caught.value.detail["left"] == CardLeft.EMPTY
    assert held.message() == b""


def test_a_page_that_cannot_be_emptied_leaves_a_half_message_and_says_so() -> None:
    held = laid("ntag215")
    held.card.wear.false.add(40)
    plan, exchange = held.plan(NEW), held.exchange
    carry_out(exchange, plan, held.read)
    held.card.wear.worn.update(range(16, 20))
    with pytest.raises(StationError) as caught:
        verify(exchange, plan, held.read)
    assert caught.value.code is ErrorCode.WRITE_NOT_VERIFIED
    assert caught.value.detail["left"] == CardLeft.HALF
    assert held.message() not in {NEW, *EMPTY}


def test_a_tag_gone_before_it_was_read_back_is_not_checked() -> None:
    held = laid("ntag215")
    plan, exchange = held.plan(NEW), held.exchange
    carry_out(exchange, plan, held.read)
    held.gone = True
    with pytest.raises(StationError) as caught:
        verify(exchange, plan, held.read)
    assert (caught.value.code, caught.value.detail["left"]) == (ErrorCode.WRITE_NOT_VERIFIED, CardLeft.UNCHECKED)


def test_the_bytes_of_a_short_message_on_an_ntag213_as_delivered() -> None:
    """Its lock control TLV is 5 bytes long, so the NDEF TLV begins in the second byte of page 5."""
    plan = laid("ntag213").plan(bytes.fromhex("AABB"))
    # 34 03 02 AA | BB FE 00 00, the body first
    assert [command.encode().hex().upper() for command in plan.commands] == [
        "FFD6000604BBFE0000", "FFD6000504340302AA"]
    assert plan.empty.encode().hex().upper() == "FFD6000504340300FE"


@given(st.binary(max_size=24), st.binary(min_size=1, max_size=90))
def test_whatever_stands_on_a_tag_it_is_written_well_or_refused_unchanged(area: bytes, message: bytes) -> None:
    held = laid("ntag215")
    held.card.memory[16:16 + len(area)] = area
    before = bytes(held.card.memory)
    fault = fault_of(lambda: held.plan(message))
    if fault is None:
        held.write(message)
        assert held.message() == message
    else:
        assert fault.code is ErrorCode.CARD_NOT_BLANK
        assert bytes(held.card.memory) == before


def test_a_message_that_just_fits_and_one_byte_more() -> None:
    held = laid("ntag213")
    room = 144 - 5 - 2
    held.write(bytes(room))
    assert held.message() == bytes(room)
    with pytest.raises(StationError) as caught:
        held.plan(bytes(room + 1))
    assert (caught.value.code, caught.value.detail["bytes"]) == (ErrorCode.CARD_TOO_SMALL, 144)
    with pytest.raises(ValueError, match="no message"):
        held.plan(bytes(255))


@pytest.mark.parametrize(("change", "code"), [
    (lambda capabilities: capabilities[:5] + bytes(2) + capabilities[7:], ErrorCode.CARD_NOT_WRITABLE),
    (lambda capabilities: capabilities[:13] + b"\x80\x00", ErrorCode.CARD_NOT_WRITABLE),
    (lambda capabilities: capabilities[:11] + b"\x00\x20" + capabilities[13:], ErrorCode.CARD_TOO_SMALL),
])
def test_processor_cards_whose_container_forbids_it(change: Callable[[bytes], bytes], code: ErrorCode) -> None:
    from tests.rigs.virtual_card import CAPABILITIES
    from tests.rigs.writable_cards import WritableChip

    held = Held(WritableChip(UID, change(CAPABILITIES)))
    with pytest.raises(StationError) as caught:
        held.plan(NEW)
    assert caught.value.code is code


def test_a_long_message_of_somebody_else_is_seen_though_it_is_not_read() -> None:
    held = laid("type4")
    held.card.memory[:2] = b"\x08\x00"
    with pytest.raises(StationError) as caught:
        held.plan(NEW)
    assert caught.value.code is ErrorCode.CARD_NOT_BLANK
