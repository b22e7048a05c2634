"""Takes out of a text whatever could be personal or secret: only what the program itself could have written stays.

A list of what to remove is never complete. So it is the other way round: a word stays when it stands
in the program's own code, in that of the libraries it speaks of, or in an error text of the operating
system; any other word, in any script, becomes one mark. A name, a key and a member's id are such
words. Digits go where five or more stand together, however they are grouped.
"""

import errno
import os
import re
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

GONE, GONE_DIGITS = "…", "#"
LEAST_DIGITS = 5

OWN = frozenset({"station", "drivers", "data", "sync", "ui"})
"""Packages whose words stay. The demo is none of them: it is full of invented people."""

LIBRARIES = frozenset({
    "builtins", "logging", "threading", "socket", "ssl", "http", "urllib3", "requests", "serial", "smartcard", "sqlite3",
    "sqlcipher3", "msgspec", "faulthandler", "zipfile", "pathlib", "usb", "escpos", "ndef"})
DEVICES = frozenset({
    "ACS", "ACR122U", "ACR1252", "ACR1252U", "ACR1281U", "PICC", "SAM", "CL", "ICC", "HID", "OMNIKEY", "Identiv", "SCM",
    "MagTek", "MSR605", "MSR605X", "Gemalto", "Feitian", "SpringCard", "Zebra", "Honeywell", "Datalogic", "Newland",
    "Epson", "Star", "Bixolon", "Smart", "Reader", "Stripe", "Interface", "USB", "ttyUSB", "ttyACM", "ttyS", "COM", "hidraw"})
"""Makers, models and ports that a reader or printer may call itself by."""

PYTHON = frozenset({"Traceback", "Errno", "Fatal", "Windows", "Linux", "Darwin", "Python"})
"""Words that Python says without a module of its own."""

_NEVER = ("ui.demo",)
_WORD = re.compile(r"\w+")
_GROUPED = re.compile(rf"\d(?:[\s\-./()_,:+\u200c\u200e\u200f]{{0,2}}\d){{{LEAST_DIGITS - 1},}}")
_NUMBERED = re.compile(r"([A-Za-z]+)\d{1,4}", re.ASCII)
_CODE = re.compile(r"E\d{3}", re.ASCII)
_FEW = re.compile(r"\d{1,4}", re.ASCII)
_LOGGED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ", re.ASCII)
_ASCII_ONLY = re.compile(rf"[^\x20-\x7e\t{GONE}]")
_FIVE = 10 ** (LEAST_DIGITS - 1)


class Scrubber:
    """Scrubs texts; knows the words of all modules that were loaded when it was made."""

    def __init__(self) -> None:
        """Gather the words: takes some tens of milliseconds."""
        self._words = frozenset(_vocabulary()) | DEVICES | PYTHON

    def text(self, text: str) -> str:
        """Return ``text`` with only known words and short numbers; lines stay lines."""
        return "\n".join(self._line(line) for line in text.splitlines())

    def number(self, number: int) -> int:
        """Return ``number`` when it has less than five digits, else its first two with zeros: how much, not which."""
        if abs(number) < _FIVE:
            return number
        digits = str(abs(number))
        rough = int(digits[:2] + "0" * (len(digits) - 2))
        return rough if number > 0 else -rough

    def value(self, value: Any) -> Any:
        """Return plain data (as of JSON) with all its texts and numbers scrubbed, the names of its fields too."""
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(each) for each in value]
        return self.text(str(value))

    def _line(self, line: str) -> str:
        """Return one line; the moment a line of the log begins with stays."""
        logged = _LOGGED.match(line)
        head, rest = (logged[0], line[logged.end():]) if logged else ("", line)
        without = _WORD.sub(self._word, _GROUPED.sub(GONE_DIGITS, rest))
        return head + _ASCII_ONLY.sub("", without)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        if word in self._words or _FEW.fullmatch(word) or _CODE.fullmatch(word):
            return word
        numbered = _NUMBERED.fullmatch(word)
        if numbered and numbered[1] in self._words:
            return word
        parts = [part for part in word.split("_") if part]
        return word if len(parts) > 1 and all(part in self._words or _FEW.fullmatch(part) for part in parts) else GONE


def _vocabulary() -> Iterator[str]:
    for code in errno.errorcode:
        yield from _WORD.findall(os.strerror(code))
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OWN | LIBRARIES and not name.startswith(_NEVER) and isinstance(module, ModuleType):
            yield from _WORD.findall(name)
            yield from _of_members(vars(module), name)


def _of_members(members: Any, module: str) -> Iterator[str]:
    """Yield the words of what a module or class holds: names, texts and code, but no prose of docstrings."""
    for name, value in list(members.items()):
        if name == "__doc__":
            continue
        yield from _WORD.findall(name)
        if isinstance(value, type):
            if value.__module__ == module:
                yield from _of_members(vars(value), module)
        else:
            yield from _of_value(value)


def _of_value(value: object) -> Iterator[str]:
    code = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
    if isinstance(code, FunctionType):
        yield from _of_code(getattr(code, "__wrapped__", code).__code__, code.__doc__)
    elif isinstance(value, str):
        yield from _WORD.findall(value)
    elif isinstance(value, dict):
        yield from _of_values((*value, *value.values()))
    elif isinstance(value, tuple | list | frozenset | set):
        yield from _of_values(tuple(value))


def _of_values(values: tuple[object, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield from _WORD.findall(value)


def _of_code(code: CodeType, doc: str | None) -> Iterator[str]:
    yield from (*code.co_names, *code.co_varnames, code.co_name)
    for constant in code.co_consts:
        if isinstance(constant, str) and constant != doc:
            yield from _WORD.findall(constant)
        elif isinstance(constant, CodeType):
            yield from _of_code(constant, None)
