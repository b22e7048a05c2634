"""Steps and verdicts of what head office does with a chip: each has what it needs and nothing else."""

import pytest

from station.card_task import CardPurpose, CardStep, CardTask, Outcome, Technology, Verdict
from station.errors import ErrorCode


def test_a_step_has_commands_or_a_verdict() -> None:
    assert CardStep("s", (b"\0",)).verdict is None
    assert CardStep("s", verdict=Verdict(Outcome.PROVEN)).commands == ()
    for made in ({}, {"commands": (b"\0",), "verdict": Verdict(Outcome.PROVEN)}):
        with pytest.raises(ValueError, match="commands or a verdict"):
            CardStep("s", **made)  # type: ignore[arg-type]


def test_a_refusal_and_nothing_else_has_a_code() -> None:
    assert Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "MAC").reason == "MAC"
    for outcome, refusal in ((Outcome.REFUSED, None), (Outcome.PROVEN, ErrorCode.CARD_FORGED)):
        with pytest.raises(ValueError, match="refusal"):
            Verdict(outcome, refusal)


def test_neither_number_nor_uid_stands_in_a_log() -> None:
    task = CardTask(CardPurpose.PERSONALISE, Technology.NTAG424, "04A1B2C3D4E5F6", "9364000000000076", "m1")
    assert not {"04A1", "9364"} & {repr(task)[at:at + 4] for at in range(len(repr(task)))}
