"""Fixtures of the rigs, for any ``conftest.py`` to import by name."""

import os
from collections.abc import Iterator

import pytest

from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import PcscService, PcscUnavailableError, wait_until_empty


@pytest.fixture(scope="module")
def pcsc() -> Iterator[PcscService]:
    """Give the running PC/SC service; skip without one, or fail where CI promises one."""
    service = PcscService()
    try:
        service.start()
    except PcscUnavailableError as fault:
        if os.environ.get("CI"):
            pytest.fail(f"no PC/SC service: {fault}")
        pytest.skip(str(fault))
    yield service
    service.stop()


@pytest.fixture
def card(pcsc: PcscService) -> Iterator[VirtualCard]:
    """Give the hand that puts cards on the virtual reader, which is empty."""
    assert pcsc
    wait_until_empty()
    with VirtualCard() as hand:
        yield hand
