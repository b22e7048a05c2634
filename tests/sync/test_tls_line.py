"""TLS of the station: one authority, the right name, the right time, and no word from the environment."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from station.errors import ErrorCode
from sync import wire_feeds
from sync.client import Link
from tests.sync.scripted import NOW_US, SHELF, answer, opened, refused, serving


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """An authority that every variable of the environment names, and no proxy that may be asked."""
    evil = trustme.CA()
    evil.cert_pem.write_to_path(tmp_path / "evil.pem")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "evil.pem"))
    with serving() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "elsewhere.example")
        yield evil
        assert proxy.seen == []


def test_only_the_configured_authority_is_trusted(hostile: trustme.CA) -> None:
    ours = trustme.CA()
    assert _through_tls(ours, ours) == SHELF
    for trusted in (ours, None):
        error = refused(lambda trusted=trusted: _through_tls(hostile, trusted))  # type: ignore[misc]
        assert (error.code, error.detail) == (ErrorCode.HEAD_OFFICE_UNTRUSTED, {"reason": "authority"})


def test_a_certificate_of_another_name_is_not_head_office(hostile: trustme.CA) -> None:
    error = refused(lambda: _through_tls(hostile, hostile, name="10.0.0.1"))
    assert (error.code, error.detail) == (ErrorCode.HEAD_OFFICE_UNTRUSTED, {"reason": "name"})


def test_dates_of_a_certificate_are_judged_by_head_office_clock_not_by_ours() -> None:
    ours = trustme.CA()
    years = 10 * 365 * 86_400_000_000
    for away in (-years, 0, years):
        now = NOW_US + away
        assert _through_tls(ours, ours, clock=lambda now=now: now) == SHELF  # type: ignore[misc]
    ended = datetime.fromtimestamp(NOW_US / 1e6, UTC) - timedelta(minutes=1)
    error = refused(lambda: _through_tls(ours, ours, ended=ended))
    assert (error.code, error.detail) == (ErrorCode.HEAD_OFFICE_UNTRUSTED, {"reason": "expired"})


def _through_tls(
    authority: trustme.CA, trusted: trustme.CA | None, *, name: str = "127.0.0.1",
    clock: Callable[[], int] = lambda: NOW_US, ended: datetime | None = None,
) -> wire_feeds.ShelfPage:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=ended).configure_cert(context)
    with serving(context) as server:
        server.scripts.append(answer(SHELF, Server_Time_Us=str(NOW_US)))
        ca = trusted.cert_pem.bytes().decode() if trusted else ""
        office = opened(Link(server.url.replace("http:", "https:"), ca), clock)
        try:
            return office.shelf_page("")
        finally:
            office.close()
