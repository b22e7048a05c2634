"""A sound file with any value put anywhere in it is taken, or refused in one line: never a crash."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import documents
from tests.fuzz.targets import TARGETS, Target

ODD = st.sampled_from((
    None, True, 0, -1, 1, 7, 10**6, 2**63 - 1, -2**62, 1.5, 1e300, "", "x", "0", "-1", "100.5", "2026-02-30", "0001-01-01",
    "9999-12-31", "24:00", "\n", "GOODS", "MANAGER", [], {}, [None], ["m"], {"x": 1})).map(json.dumps)
FILES = [target for target in TARGETS if target.run in (documents.rule_pack, documents.calculator, documents.ledger)]


def places(document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path to every value in ``document`` but the whole."""
    parts = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    return [each for step, value in parts for each in ((*path, step), *places(value, (*path, step)))]


@pytest.mark.parametrize("target", FILES, ids=[target.name for target in FILES])
@given(data=st.data())
def test_any_value_anywhere(target: Target, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(target.seeds))
    which = seed[:seed.index(b"{")]  # the calculator's first byte
    document = json.loads(seed[len(which):])
    for _ in range(data.draw(st.integers(1, 2))):
        found = places(document)
        *steps, last = data.draw(st.sampled_from(found))
        place = document
        for step in steps:
            place = place[step]
        if data.draw(st.integers(0, 9)) == 0 and isinstance(place, dict):
            del place[last]
        else:
            place[last] = json.loads(data.draw(ODD))
    target.run(which + json.dumps(document).encode())
