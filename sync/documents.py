"""JSON documents read strictly: every refusal names the path, the value there and what was expected.

Used where a document comes from outside: rule packs from head office, files of ``stationctl``.
A document is one JSON value in UTF-8 (RFC 8259) in which no name stands twice in one object.
"""

import json
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from inspect import cleandoc
from typing import Any, TypeVar

import msgspec

from station.pack import PACK_VERSION, Pack

MOST_SHOWN = 60
MOST_BITS = 63  # what a database's INTEGER holds, beside the sign
T = TypeVar("T")
_AT = re.compile(r"(?P<words>.*?) - at `(?P<path>\$.*)`", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+|\.\.\.)\]")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def read_pack(document: bytes) -> Pack:
    """Return the rule pack ``document`` holds. Raises ``ValueError``: path, value, what was expected."""
    return read(document, Pack)


def read(document: bytes, kind: type[T]) -> T:
    """Return the JSON ``document`` as a ``kind``. Raises ``ValueError``: path, value, what was expected."""
    return convert(_parsed(document), kind)


def convert(found: object, kind: type[T], path: str = "$") -> T:
    """Return what ``json`` read as ``found`` as a ``kind``; ``path`` names the place it stood at."""
    _refuse_unknown(found, kind, path)
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_precise(str(error), found, kind, path)) from error


def pack_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of rule packs; docs/pack.schema.json holds it.

    It says which fields there are, of which type; what a figure may be is for ``read_pack`` to judge.
    """
    schema = msgspec.json.schema(Pack)
    for part in schema["$defs"].values():
        part["description"] = cleandoc(part["description"])
        if "properties" in part:
            part["additionalProperties"] = False
    schema["$defs"][Pack.__name__]["properties"]["version"]["const"] = PACK_VERSION
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:card-station:pack:{PACK_VERSION}",
        "title": "Rule pack of the card station", **schema}


def _parsed(document: bytes) -> object:
    """Return the JSON value ``document`` holds. Raises ``ValueError`` of one line when it holds none."""
    try:
        found = json.loads(
            document.decode(), parse_constant=_no_constant, parse_int=_whole, object_pairs_hook=_object)
        msgspec.json.decode(document)  # the rest of RFC 8259: no half of a surrogate pair, no number beyond bounds
    except RecursionError:
        message = "$: nested too deep"
        raise ValueError(message) from None
    except UnicodeDecodeError as error:
        message = f"$: not UTF-8: {error.reason} at byte {error.start}"
        raise ValueError(message) from None
    except (json.JSONDecodeError, msgspec.DecodeError) as error:
        message = f"$: not JSON: {error}"
        raise ValueError(message) from None
    return found


def _no_constant(name: str) -> None:
    message = f"$: {name} is not a number of JSON"
    raise ValueError(message)


def _whole(text: str) -> int:
    if len(text) > MOST_SHOWN or int(text).bit_length() > MOST_BITS:
        message = f"$: {_cut(text)}: expected a whole number of at most {MOST_BITS} bits"
        raise ValueError(message)
    return int(text)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"$: {shown(twice)} stands twice in one object"
        raise ValueError(message)
    return made


def _precise(message: str, found: object, kind: object, path: str) -> str:
    """Return ``message`` of msgspec with the value that stands at its path, and what may stand there."""
    parts = _AT.fullmatch(message)
    words, steps = (parts["words"], parts["path"][1:]) if parts else (message, "")
    if words.startswith("$"):
        return words
    value, wanted = found, kind
    for name, index in _STEP.findall(steps):
        wanted = _type_inside(wanted, name)
        step, value = _inside(value, name or index, wanted)
        path += step
    options = [str(each.value) for each in wanted] if isinstance(wanted, type) and issubclass(wanted, Enum) else []
    if options:
        words = f"expected one of {', '.join(options)}"
    return f"{path}: {shown(value)}: {words[0].lower()}{words[1:]}"


def _inside(value: Any, step: str, kind: Any) -> tuple[str, object]:
    """Return how ``step`` of msgspec's path is written, and what stands there in ``value``.

    Of an object with names of its own msgspec does not tell which it means: it is the first whose
    value is no ``kind``.
    """
    if step.isdigit():
        return f"[{step}]", value[int(step)]
    if step == "...":
        step = next(name for name, each in value.items() if not _is_a(each, kind))
    return _field(step), value[step]


def _is_a(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _field(name: str) -> str:
    """Return the step of a path that leads to ``name``."""
    return f".{name}" if _PLAIN.fullmatch(name) else f"[{shown(name)}]"


def shown(value: object) -> str:
    """Return ``value`` as JSON on one line, cut where it gets long."""
    try:
        return _cut(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "…"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _type_inside(kind: object, name: str) -> object:
    """Return the type of field ``name`` of ``kind``, or of its items when there is no name."""
    if name and isinstance(kind, type):
        return _fields(kind)[name]
    arguments = typing.get_args(kind)
    return _bare(arguments[-1] if typing.get_origin(kind) is dict else arguments[0])


@cache
def _fields(kind: type[Any]) -> Mapping[str, object]:
    """Return the fields of the dataclass ``kind``, with their types."""
    hints = typing.get_type_hints(kind)
    return {each.name: _bare(hints[each.name]) for each in fields(kind)}


def _bare(kind: object) -> object:
    """Return ``kind`` without its None."""
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return next(each for each in typing.get_args(kind) if each is not type(None))
    return kind


def _refuse_unknown(found: Any, kind: object, path: str) -> None:
    """Refuse fields that are not of ``kind``: msgspec lets dataclasses have more than they know."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(found, dict) and isinstance(kind, type) and is_dataclass(kind):
        known = _fields(kind)
        for name, value in found.items():
            if name not in known:
                message = f"{path}{_field(name)}: {shown(value)}: no such field, expected one of {', '.join(known)}"
                raise ValueError(message)
            _refuse_unknown(value, known[name], f"{path}.{name}")
    elif isinstance(found, list) and origin is tuple:
        for i, value in enumerate(found):
            _refuse_unknown(value, _bare(arguments[0]), f"{path}[{i}]")
    elif isinstance(found, dict) and origin is dict:
        for name, value in found.items():
            _refuse_unknown(value, arguments[1], f"{path}{_field(name)}")
