"""Whatever the OpenAPI document allows and much that it does not, signed as a station signs it, at the whole application.

No answer may be a server error, and each must be one that the document describes: status, type,
headers, schema. 20 requests of each kind for each operation; 300 with ``CARD_STATION_FULL=1``.
"""

import base64
import gzip
import itertools
import os
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
import zstandard
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests.adapters import BaseAdapter
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

from headoffice import demo
from headoffice.admission import Admission
from headoffice.api.middleware import office_key
from headoffice.api.openapi import OPERATIONS, Operation, document
from headoffice.clock import now_us
from headoffice.feeds import snapshot
from headoffice.projector.project import Projector
from headoffice.stations.models import Shop, Station
from headoffice.stations.pairing import issue
from station.journal import chain
from station.leases import AccountKind
from sync import wire, wire_spending
from sync.ed25519 import Ed25519Verifier
from sync.signatures import Asked, answer_text, sign
from tests.headoffice.kept import Kept
from tests.headoffice.shop import Till, fresh_nonce, member, sale
from tests.rigs.workers import tell

EXAMPLES = 300 if os.environ.get("CARD_STATION_FULL") else 20
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
URL = "https://127.0.0.1"
HELD = "01900000-0000-7000-8000-000000000001"
"""A reservation's id that comes again and again."""

SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.config.update(base_url=URL)
schemathesis.openapi.media_type(wire.ENTRIES_TYPE, st.binary(max_size=200))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3), max_leaves=5)


class _Tally:
    """How many requests were answered how; told at the end of the run."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.operations: set[str] = set()

    def tell(self) -> None:
        """Let the line of the table be printed."""
        errors = sum(count for status, count in self.statuses.items() if status >= 500)
        spread = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        tell("schemathesis", f"{len(self.operations)} operations, {self.statuses.total()} requests ({spread}), {errors} server errors")


class _Wire(BaseAdapter):
    """Signs requests as ``till``, hands them to the application, each from another address, and proves the answers."""

    def __init__(self, till: Till, tally: _Tally) -> None:
        super().__init__()
        self._till, self._tally = till, tally
        self._application = Admission(get_wsgi_application())
        self._addresses = itertools.count(1)

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override]
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        assert isinstance(body, bytes)
        sign(request, self._till.key, key_id=self._till.journal.station, created=1, nonce=(nonce := fresh_nonce()))
        number = next(self._addresses)
        path, _, query = request.path_url.partition("?")
        environ: dict[str, Any] = EnvironBuilder(
            method=request.method or "", path=path, base_url=URL, input_stream=BytesIO(body),
            headers=list(request.headers.items()), content_length=len(body)).get_environ()
        environ |= {"QUERY_STRING": query, "REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        pieces, status, headers = run_wsgi_app(self._application, environ)
        response = requests.adapters.HTTPAdapter().build_response(request, HTTPResponse(
            BytesIO(b"".join(pieces)), headers=HTTPHeaderDict(headers.items()), status=int(status[:3]), preload_content=False))
        pieces.close()  # type: ignore[attr-defined]
        self._tally.statuses[response.status_code] += 1
        asked = Asked(self._till.journal.station, request.method or "", request.path_url, nonce)
        text = answer_text(asked, response.status_code, response.headers["Server-Time-Us"], response.content)
        assert Ed25519Verifier(office_key()).verify(base64.b64decode(response.headers["Office-Signature"]), text)
        return response

    def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture(scope="module")
def tally() -> Iterator[_Tally]:
    counted = _Tally()
    yield counted
    counted.tell()


@pytest.fixture(scope="module")
def till(template: Kept) -> Iterator[Till]:
    """A paired station of shop 12 that has sold twice, on a head office that all requests of this file share."""
    template.put_back()
    till = Till("12-1")
    Station.objects.create(id="12-1", shop="12", public_key=till.public, paired_us=0)
    till.journal.append(sale(member()))
    till.journal.append(sale(member(1)))
    till.put(1, 2)
    yield till
    Projector().drain(now_us())
    template.clear()


@pytest.fixture(scope="module")
def known(till: Till) -> dict[str, list[Any]]:
    """What a station knows, by the names of fields: with it a request gets behind the door."""
    snapshot.make(snapshot.Extent(), now_us())
    page = till.members()
    accounts = [each.member_id for each in page.changes][:3]
    lease = till.ask("POST", wire_spending.ASK_PATH, body=msgspec.json.encode(wire_spending.LeasesAsked(
        incarnation=till.journal.incarnation,
        wanted=(wire_spending.Wanted(kind=AccountKind.POINTS, account=accounts[0]),)))).read(wire_spending.LeasesGranted)
    return {
        "incarnation": [till.journal.incarnation], "cursor": ["", page.cursor], "account": accounts, "kind": ["POINTS"],
        "amount": [1, 10], "protocol": [1], "reservation_id": [HELD], "staff_id": [demo.member_id(0)],
        "lease_id": [msgspec.json.decode(base64.b64decode(each.document))["lease_id"] for each in lease.leases],
        "seq": [0, 1, 2, 3], "head": [each.hex() for each in till.journal.hashes], "digest": [snapshot._books()[0].digest],
        "number": [0, 1], "after": [0, 1], "code": [issue(Shop.objects.get(id="12"), now_us())[:5]]}


def _at_home(case: Case[Any], known: dict[str, list[Any]], data: st.DataObject) -> None:
    """Put what the station knows into some of the fields of ``case``."""
    parts: tuple[Any, ...] = (case.query, case.body)
    for fields in parts:
        for name in sorted(fields.keys() & known.keys()) if isinstance(fields, dict) else ():
            if data.draw(st.booleans()):
                fields[name] = data.draw(st.sampled_from(known[name]))


def _batch(till: Till, case: Case[Any], data: st.DataObject) -> None:
    """Make ``case`` a batch that is what it claims, of entries with a little fault, in this journal or in another."""
    journal = till.journal
    incarnation = data.draw(st.sampled_from([journal.incarnation, *(digit * 32 for digit in "0123456789abcdef")]))
    first = data.draw(st.integers(1, 4)) if incarnation == journal.incarnation else 1
    raws = []
    for seq in range(first, first + data.draw(st.integers(1, 3))):
        entry = msgspec.json.decode(data.draw(st.sampled_from(journal.raws)))
        entry |= {"incarnation": incarnation, "seq": seq}
        place = data.draw(st.sampled_from([entry, entry["at"], entry["body"]]))
        place[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)
        raws.append(msgspec.json.encode(entry))
    last = previous = journal.hashes[min(first, 3) - 1]
    for raw in raws:
        last = chain(last, raw)
    case.query.update(
        incarnation=incarnation, first=first, last=first + len(raws) - 1, previous=previous.hex(), head=last.hex())
    packers = {"zstd": zstandard.ZstdCompressor().compress, "gzip": gzip.compress}
    packed = data.draw(st.sampled_from(sorted(packers)))
    case.headers["Content-Encoding"] = packed
    case.body = packers[packed](wire.join_entries(raws))


@pytest.mark.parametrize(("operation", "mode"), [
    pytest.param(each, mode, id=f"{each.name}-{mode.value}") for each in OPERATIONS for mode in schemathesis.GenerationMode
    # Where there is nothing to say, nothing can be said wrongly.
    if each.query or each.body or mode is schemathesis.GenerationMode.POSITIVE])
def test_no_answer_is_a_server_error_and_each_is_as_described(
    operation: Operation, mode: schemathesis.GenerationMode, till: Till, known: dict[str, list[Any]], tally: _Tally,
) -> None:
    session = requests.Session()
    session.mount("https://", _Wire(till, tally))
    tally.operations.add(operation.name)

    @given(case=SCHEMA[operation.path][operation.method].as_strategy(mode), data=st.data())
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink])
    def ask(case: Case[Any], data: st.DataObject) -> None:
        if data.draw(st.booleans()):
            _at_home(case, known, data)
        if operation.path == wire.JOURNAL_PATH and data.draw(st.booleans()):
            _batch(till, case, data)
        case.validate_response(case.call(session=session), checks=CHECKS)

    ask()
