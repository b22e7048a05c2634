"""Playing a transcript again: what stands where a reader's library does and says what was recorded.

Give it to a driver as its library: ``SerialPorts(load=…)``, ``PcscDriver(load=…)``.
"""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from drivers.transcript import Event, Transcript

_COUNTER_SHIFT = 16


def replayed_pyserial(transcript: Transcript) -> Any:
    """Return as much of pyserial as is used, with ``transcript`` behind every port."""
    return SimpleNamespace(
        tools=SimpleNamespace(list_ports=SimpleNamespace(comports=tuple)),
        Serial=lambda *_settings, **_more: ReplayedPort(transcript))


class ReplayedPort:
    """An open port, as pyserial's, whose device answers as it did, as soon as it was sent what it was."""

    def __init__(self, transcript: Transcript) -> None:
        """Play ``transcript`` from its beginning."""
        self._coming = [each for each in transcript.events if each.kind in {"sent", "received"}]
        self.timeout = 0.0

    @property
    def in_waiting(self) -> int:
        """How many bytes have arrived."""
        return len(self._coming[0].data) if self._coming and self._coming[0].kind == "received" else 0

    def read(self, count: int) -> bytes:
        """Return what has arrived, up to ``count`` bytes."""
        if not self.in_waiting:
            return b""
        event = self._coming.pop(0)
        data = event.data.encode("latin-1")
        if data[count:]:
            self._coming.insert(0, Event(event.at_ms, event.kind, data[count:].decode("latin-1")))
        return data[:count]

    def write(self, data: bytes) -> None:
        """Take what is sent. Raises ``ValueError`` when something else, or nothing, was sent at this place."""
        expected = self._coming.pop(0) if self._coming else None
        if expected is not None and (expected.kind, expected.data) != ("sent", data.decode("latin-1")):
            message = f"at {expected.at_ms} ms the transcript has: {expected.kind} {expected.data!r}"
            raise ValueError(message)

    def reset_input_buffer(self) -> None:
        """Forget nothing: what was forgotten is not in a transcript."""

    def close(self) -> None:
        """End."""


class ReplayedCalls:
    """The bare PC/SC calls over one reader, on which the recorded cards lie one after the other.

    Constants are pyscard's. A card is taken away when nothing else happens.
    """

    def __init__(self, transcript: Transcript) -> None:
        """Play ``transcript``. Raises ``ImportError`` without pyscard."""
        self._scard = import_module("smartcard.scard")
        self._cards = _cards(transcript)
        self._place = 0

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._scard, name)
        # Every other call succeeds and says nothing.
        return (lambda *_: self._scard.SCARD_S_SUCCESS) if callable(value) else value

    def SCardEstablishContext(self, _scope: int) -> tuple[int, int]:  # noqa: N802 (the call's name)
        """Return a context."""
        return self._scard.SCARD_S_SUCCESS, 1

    def SCardConnect(self, *_: object) -> tuple[int, int, int]:  # noqa: N802 (the call's name)
        """Return a card and its protocol."""
        return self._scard.SCARD_S_SUCCESS, 1, self._scard.SCARD_PROTOCOL_T1

    def SCardStatus(self, _card: int) -> tuple[int, str, int, int, list[int]]:  # noqa: N802 (the call's name)
        """Return what is known of the card, its ATR last."""
        atr = self._cards[self._place].get("atr", b"")
        return self._scard.SCARD_S_SUCCESS, "", 0, self._scard.SCARD_PROTOCOL_T1, list(atr)

    def SCardGetStatusChange(self, _context: int, _limit_ms: int, states: list[tuple[str, int]]) -> Any:  # noqa: N802
        """Return the reader's state; the next card lies there when the caller knows it already."""
        (name, known), = states
        if known == self._state():
            if self._place == len(self._cards):
                return self._scard.SCARD_E_TIMEOUT, []
            self._place += 1
        return self._scard.SCARD_S_SUCCESS, [(name, self._state() | self._scard.SCARD_STATE_CHANGED, [])]

    def SCardTransmit(self, _card: int, _control: int, command: list[int]) -> tuple[int, list[int]]:  # noqa: N802
        """Return the answer to ``command``. Raises ``ValueError`` when the card was never given it."""
        answer = self._cards[self._place].get(bytes(command).hex().upper())
        if answer is None:
            message = f"the card was not asked {bytes(command).hex().upper()}"
            raise ValueError(message)
        return self._scard.SCARD_S_SUCCESS, list(answer)

    def _state(self) -> int:
        is_there = self._place < len(self._cards)
        state = self._scard.SCARD_STATE_PRESENT if is_there else self._scard.SCARD_STATE_EMPTY
        return int(state) | self._place + 1 << _COUNTER_SHIFT


def _cards(transcript: Transcript) -> list[dict[str, bytes]]:
    """Return, for each card, its ATR and its answer to each command."""
    cards: list[dict[str, bytes]] = [{}]
    asked = "atr"
    for event in transcript.events:
        if event.kind in {"tap", "fault"}:
            cards.append({})
        elif event.kind == "command":
            asked = event.data
        else:
            cards[-1]["atr" if event.kind == "atr" else asked] = bytes.fromhex(event.data)
    return [card for card in cards if card]
