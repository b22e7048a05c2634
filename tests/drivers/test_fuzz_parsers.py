"""Every parser that ``make fuzz`` feeds, fed by hypothesis: any bytes, and what it is made for, damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, Target

IDS = [target.name for target in TARGETS]


@st.composite
def damaged(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """Return one of ``seeds`` cut off, joined to another, or with a piece of it exchanged for other bytes."""
    seed, other = draw(st.sampled_from(seeds)), draw(st.sampled_from(seeds))
    start = draw(st.integers(0, len(seed)))
    end = draw(st.integers(start, min(len(seed), start + 4)))
    return seed[:start] + draw(st.one_of(st.binary(max_size=4), st.just(other))) + seed[end:]


@pytest.mark.parametrize("target", TARGETS, ids=IDS)
def test_what_a_parser_is_made_for_is_taken(target: Target) -> None:
    for seed in target.seeds:
        target.run(seed)


@pytest.mark.parametrize("target", TARGETS, ids=IDS)
@given(data=st.data())
def test_any_bytes_are_taken_or_refused(target: Target, data: st.DataObject) -> None:
    target.run(data.draw(st.one_of(st.binary(max_size=200), damaged(target.seeds))))
