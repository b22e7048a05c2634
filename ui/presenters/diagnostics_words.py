"""The words of the diagnostics screen, a function for each of its parts. No Qt."""

from collections.abc import Sequence

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.card import Evidence, Medium
from station.clock import Moment
from station.errors import StationError
from station.put_aside import AsideCode
from sync.state import SyncState
from ui.checking import CheckStage, CheckState
from ui.format import Format
from ui.presenters.diagnostics_facts import Aside, Backlog, CardRead, Disk, Stock, StockKind
from ui.presenters.member_book import local
from ui.presenters.standing import clock_tone, is_old
from ui.presenters.status import OFFLINE
from ui.text import Words, mark
from ui.views import Tone
from ui.views_diagnostics import CheckView, Fact, PadView

LAST_DIGITS, FULL_DIGITS = 4, 8
LITTLE_FREE, TOO_LITTLE_FREE = 2_000_000_000, 200_000_000
"""Bytes: what a year of journal takes, and what a backup and a new member book take at once."""

_US, _MEGABYTE, _SECONDS, _WHOLE = 1_000_000, 1_000_000, 60, 100
_LRM = "\u200e"

MEDIA: dict[Medium, str] = {
    Medium.NFC_UID: mark("Chip, by its own number"), Medium.CHIP: mark("Chip"), Medium.STRIPE: mark("Magnetic stripe"),
    Medium.BARCODE: mark("Barcode"), Medium.QR: mark("QR code")}
EVIDENCE: dict[Evidence, str] = {
    Evidence.UID: mark("The number of the chip itself"), Evidence.NDEF: mark("A record on the chip"),
    Evidence.FILE: mark("The club's file on the chip"), Evidence.TRACK: mark("A track of the stripe"),
    Evidence.CODE: mark("The printed or shown code")}
STOCKS: dict[StockKind, str] = {
    StockKind.PACK: mark("Club rules"), StockKind.MEMBERS: mark("Member book"),
    StockKind.BLOCK_LIST: mark("Blocked cards"), StockKind.GOODS: mark("Goods"),
    StockKind.ISSUER_KEYS: mark("Issuing keys")}
_AGEING = frozenset({StockKind.PACK, StockKind.MEMBERS, StockKind.BLOCK_LIST})


ASIDE: dict[AsideCode, str] = {
    AsideCode.UNREADABLE: mark("Head office could not read it."),
    AsideCode.VERSION: mark("Head office's program is older than this one. It is taken once that is renewed."),
    AsideCode.REVOKED: mark("This station was revoked before it came. Head office has to release it."),
    AsideCode.NOT_POSTED: mark("It contradicts head office's books."),
    AsideCode.SAID: ""}


def aside_reason(aside: Aside, words: Words) -> str:
    """Return why an entry was put aside: what that means, and head office's own words."""
    meaning = ASIDE[aside.code]
    return " ".join(part for part in (words(meaning) if meaning else "", f"{_LRM}{aside.reason}{_LRM}") if part)


def tail(number: str) -> str:
    """Return at most the last four characters of a card's ``number``, fewer of a short one."""
    shown = LAST_DIGITS if len(number) >= FULL_DIGITS else len(number) // 2
    return number[len(number) - min(shown, LAST_DIGITS):]


def reader_facts(readers: Sequence[ReaderState], words: Words) -> tuple[Fact, ...]:
    """Return how each reader stands; a card it could not take says nothing about the reader."""
    return tuple(
        Fact(each.title, words("Ready"), Tone.OK, each.path) if each.ready else
        Fact(each.title, words.error(StationError(each.error)) if each.error else words("Not ready"), Tone.ERROR, each.path)
        for each in readers) or (Fact(words("Readers"), words("No reader"), Tone.WARN),)


def printer_facts(state: PrinterState | None, words: Words, style: Format) -> tuple[Fact, ...]:
    """Return how the printer stands and how many receipts wait for it."""
    if state is None:
        return (Fact(words("Printer"), words("Nothing was printed yet")),)
    if state.error is not None:
        first = Fact(words("Printer"), words.error(StationError(state.error)), Tone.ERROR)
    elif state.ready:
        first = Fact(words("Printer"), words("Ready"), Tone.OK)
    else:
        first = Fact(words("Printer"), words("Nothing was printed yet"))
    return (first, Fact(words("Receipts that wait"), style.number(state.waiting), Tone.WARN if state.waiting else Tone.OK))


def line_facts(state: SyncState | None, offset: int, words: Words, style: Format) -> tuple[Fact, ...]:
    """Return how the line to head office stands, when it was last used and why it failed."""
    if state is None:
        return (Fact(words("Head office"), words("Connecting")),)
    broken = state.error is not None and state.error not in OFFLINE
    value, tone = ((words("Online"), Tone.OK) if state.online else (words("Offline"), Tone.WARN))
    facts = [Fact(words("Head office"), value, Tone.ERROR if broken else tone)]
    if state.error is not None:
        told = " ".join(part for part in (words.error(StationError(state.error)), state.reason) if part)
        facts.append(Fact(words("Last fault"), told, Tone.ERROR if broken else Tone.WARN))
    if state.progress.last_us is not None:
        facts.append(Fact(words("Last exchange"), style.date_time(local(state.progress.last_us, offset))))
    if state.progress.next_us is not None and not state.working:
        facts.append(Fact(words("Next attempt"), style.date_time(local(state.progress.next_us, offset))))
    return tuple(facts)


def backlog_facts(backlog: Backlog, offset: int, words: Words, style: Format) -> tuple[Fact, ...]:
    """Return what head office does not have yet."""
    if not backlog.unsent:
        return (Fact(words("Not sent"), words("Nothing"), Tone.OK),)
    facts = (Fact(words("Not sent"), style.number(backlog.unsent), Tone.WARN),)
    if backlog.oldest_us is None:
        return facts
    return (*facts, Fact(words("The oldest of it"), style.date_time(local(backlog.oldest_us, offset)), Tone.WARN))


def stock_fact(stock: Stock, now: Moment, words: Words, style: Format) -> Fact:
    """Return what is here of one kind and as of when; rules, members and blocked cards grow old in a day."""
    label = words(STOCKS[stock.kind])
    if not stock.version and not stock.count:
        return Fact(label, words("Nothing has come down yet"), Tone.WARN)
    said = []
    if stock.count is not None:
        said.append(words("{count} here", count=style.number(stock.count)))
    if stock.version:
        said.append(words("number {number}", number=style.number(stock.version)))
    if stock.since_us is not None:
        said.append(words("in force since {moment}", moment=style.date_time(local(stock.since_us, now.offset))))
    if stock.taken_us is not None:
        said.append(words("as of {moment}", moment=style.date_time(local(stock.taken_us, now.offset))))
    old = stock.kind in _AGEING and is_old(stock.taken_us, now)
    if old:
        said.append(words("older than a day"))
    return Fact(label, " · ".join(said), Tone.WARN if old else Tone.OK)


def clock_fact(now: Moment, office_us: int | None, words: Words, style: Format) -> Fact:
    """Return how this computer's clock stands against head office's."""
    label = words("Clock")
    if office_us is None:
        return Fact(label, words("Head office has not told its time yet"))
    off = now.utc_us - office_us
    tone = clock_tone(off)
    if tone is Tone.OK:
        return Fact(label, words("As head office's, within a minute"), tone)
    minutes = style.number(abs(off) // (_SECONDS * _US))
    told = (words("{minutes} min ahead of head office", minutes=minutes) if off > 0
            else words("{minutes} min behind head office", minutes=minutes))
    return Fact(label, told, tone)


def disk_fact(disk: Disk, words: Words, style: Format) -> Fact:
    """Return how much room the disk has."""
    tone = Tone.ERROR if disk.free < TOO_LITTLE_FREE else Tone.WARN if disk.free < LITTLE_FREE else Tone.OK
    room = words("{free} MB of {total} MB", free=style.number(disk.free // _MEGABYTE),
                 total=style.number(disk.total // _MEGABYTE))
    said = (room,) if tone is Tone.OK else (room, words("too little"))
    return Fact(words("Free on the disk"), " · ".join(said), tone)


def card_view(card: CardRead, words: Words, style: Format) -> PadView:
    """Return what was read of a card."""
    refusal, judged = card.judged.refusal, card.judged
    proof = words.error(refusal) if refusal else words.card_tier(judged.tier)
    time = style.number(max(1, -(-card.took_us // 1000)))
    return PadView(words("A card was read"), Tone.ERROR if refusal else Tone.OK, (
        Fact(words("Reader"), card.reader), Fact(words("Medium"), words(MEDIA[card.medium])),
        Fact(words("Where the number stood"), words(EVIDENCE[card.evidence])),
        Fact(words("What it proves"), proof, Tone.ERROR if refusal else Tone.NEUTRAL),
        *(Fact(words("Note"), words.proof_note(note), Tone.WARN) for note in judged.notes),
        Fact(words("Number ends with"), f"{_LRM}{card.ends}{_LRM}"),
        Fact(words("Judged within"), words("{time} ms", time=time))))


def check_view(state: CheckState, offset: int, words: Words, style: Format) -> CheckView:
    """Return how the check of the files stands."""
    ended = style.date_time(local(state.ended_us, offset)) if state.ended_us is not None else ""
    tone, text = _check_words(state, ended, words, style)
    percent = (min(_WHOLE, state.done * _WHOLE // state.last)
               if state.stage is CheckStage.ENTRIES and state.last else None)
    faults = tuple(f"{_LRM}{fault}" for fault in state.faults)
    return CheckView(text, tone, state.running, state.stopping, percent, faults)


def _check_words(state: CheckState, ended: str, words: Words, style: Format) -> tuple[Tone, str]:
    if state.stopping:
        return Tone.NEUTRAL, words("The check is being ended")
    if state.stage is CheckStage.ENTRIES:
        return Tone.NEUTRAL, words(
            "{done} of {last} entries read", done=style.number(state.done), last=style.number(state.last))
    if state.stage is CheckStage.FAILED and state.error is not None:
        return Tone.ERROR, words.error(StationError(state.error))
    plain = {
        CheckStage.NEVER: (Tone.NEUTRAL, words("Not checked since the program was started")),
        CheckStage.FILE: (Tone.NEUTRAL, words("The file itself is being read")),
        CheckStage.SOUND: (Tone.OK, words("Sound, checked {moment}", moment=ended)),
        CheckStage.STOPPED: (Tone.WARN, words("Ended before it was done, {moment}", moment=ended)),
        CheckStage.FAILED: (Tone.ERROR, words("The check failed; the log says why")),
        CheckStage.FAULTY: (Tone.ERROR, words(
            "Faults: {count}, checked {moment}. Call support.", count=style.number(state.found), moment=ended))}
    return plain[state.stage]
