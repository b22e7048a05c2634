"""Entries of older versions brought to the form of today, one version at a time. Pure.

An up-caster for version n takes the JSON document of an entry of that version and returns it as
version n + 1 would have written it, ``version`` included. One that was ever shipped stays for ever:
a station may come back from a drawer. What is stored stays as it was received.
"""

from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]
Upcaster = Callable[[Document], Document]

UPCASTERS: Mapping[int, Upcaster] = {}
"""By the version they read. Version 1 is the first, so there is none yet."""


def upcast(document: Document, version: int, to: int, casters: Mapping[int, Upcaster]) -> Document:
    """Return ``document`` of ``version`` in the form of version ``to``.

    Raises ``LookupError`` when a step is missing, ``ValueError`` when the document is not what its
    version says.
    """
    steps = [casters[step] for step in range(version, to)]
    try:
        for cast in steps:
            document = cast(document)
    except (LookupError, TypeError, AttributeError) as fault:
        message = f"it is not an entry of version {version}"
        raise ValueError(message) from fault
    return document
