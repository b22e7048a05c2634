"""The OpenAPI document (3.1.1) of protocol version 1, made of the messages themselves; needs no Django.

``python -m headoffice.api.openapi > docs/openapi.json`` writes it; ``docs/sync.md`` says what it means.
"""

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from headoffice.api import queries
from station.journal import ENTRY_TYPES
from sync import (
    wire,
    wire_aside,
    wire_benefits,
    wire_card_service,
    wire_cards,
    wire_claims,
    wire_coupons,
    wire_feeds,
    wire_phones,
    wire_returns,
    wire_spending,
    wire_trust,
)
from sync.wire import API, Message, ProblemCode

REF = "#/components/schemas/{name}"
_JSON = wire.JSON_TYPE
_BYTES: dict[str, Any] = {}
"""The schema of a body that is no JSON."""

_ALWAYS = {500: (ProblemCode.INVALID,), 503: (ProblemCode.BUSY,)}
_READ = {400: (ProblemCode.INVALID,), 405: (ProblemCode.INVALID,)}
_SIGNED = {401: (ProblemCode.NONCE, ProblemCode.SIGNATURE, ProblemCode.UNKNOWN_STATION), 413: (ProblemCode.INVALID,)}
_REVOKED = {403: (ProblemCode.REVOKED,)}
_ABSENT = {404: (ProblemCode.INVALID,)}
_OFTEN = {429: (ProblemCode.BUSY,)}
_MEANINGS = {
    400: "It does not follow the protocol", 401: "Not signed by a station, or not freshly", 403: "Not allowed",
    404: "Not known here", 405: "Another method is wanted", 409: "It contradicts what is held here", 413: "Too large",
    415: "Of another form", 429: "Too often", 500: "Head office failed", 503: "Too much at once: come again"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One path: its ``method``, its name, what it does, the messages in and out, and the ``problems`` of each status.

    ``answer`` and ``body`` are a message's class, or the media type of what is no JSON. A path that
    is not ``signed`` is asked before there is a pairing; a ``revoked`` station is heard only where it says so.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: type[Message] | str
    query: type[Message] | None = None
    body: type[Message] | str | None = None
    problems: Mapping[int, tuple[ProblemCode, ...]] = field(default_factory=dict)
    signed: bool = True
    revoked: bool = False

    @property
    def all_problems(self) -> Mapping[int, tuple[ProblemCode, ...]]:
        """The codes of each status above 399, in the order of the statuses."""
        signed = {**_SIGNED, **({} if self.revoked else _REVOKED)} if self.signed else {}
        return dict(sorted({**_ALWAYS, **_READ, **signed, **self.problems}.items()))


_CONFLICT = {409: (ProblemCode.GAP, ProblemCode.FORK)}
_PLACE = {**_CONFLICT, 415: (ProblemCode.INVALID,)}
OPERATIONS = (
    Operation(
        "GET", wire_trust.CA_PATH, "authority", "The authority behind this address, with the proof under a pairing code",
        wire_trust.CaAnswer, queries.CaQuery, problems=_OFTEN, signed=False),
    Operation(
        "POST", wire_trust.PAIR_PATH, "pair", "Become a station by a one-time code", wire_trust.PairAnswer,
        body=wire_trust.PairRequest, signed=False, problems={**_OFTEN, 403: (ProblemCode.PAIRING,), 413: (ProblemCode.INVALID,)}),
    Operation(
        "POST", wire_trust.KEYS_PATH, "changeKey", "Name the station's next key", wire_trust.KeyTaken, body=wire_trust.KeyChange),
    Operation(
        "GET", wire_trust.OFFICE_KEYS_PATH, "officeKeys", "All changes of head office's key", wire_trust.OfficeKeys, signed=False),
    Operation(
        "POST", wire.HELLO_PATH, "hello", "Compare the journal with what is held of it", wire.Welcome,
        body=wire.Hello, problems=_CONFLICT, revoked=True),
    Operation(
        "PUT", wire.JOURNAL_PATH, "putBatch", "Upload entries of the journal", wire.Receipt,
        wire.BatchHead, wire.ENTRIES_TYPE, problems=_PLACE, revoked=True),
    Operation(
        "GET", wire.HASH_PATH, "heldHash", "The hash that is held of an entry", wire.HeldHash, queries.HashQuery, revoked=True),
    Operation(
        "GET", wire_feeds.MEMBERS_FEED_PATH, "membersFeed", "Members that changed", wire_feeds.MembersPage, queries.MembersQuery),
    Operation(
        "GET", wire_feeds.BLOCKS_FEED_PATH, "blocksFeed", "Cards that are, or were, not active", wire_feeds.BlocksPage,
        queries.FeedQuery),
    Operation("GET", wire_feeds.SHELF_FEED_PATH, "shelfFeed", "Goods that changed", wire_feeds.ShelfPage, queries.FeedQuery),
    Operation("GET", wire_feeds.STAFF_FEED_PATH, "staffFeed", "People that changed", wire_feeds.StaffPage, queries.FeedQuery),
    Operation("POST", wire_feeds.PIN_PATH, "newPin", "Hand up a PIN that was chosen here", wire_feeds.PinKept, body=wire_feeds.NewPin),
    Operation("GET", wire_feeds.PACK_PATH, "nextPack", "The next rule pack", wire_feeds.NextPack, queries.PackQuery),
    Operation(
        "GET", wire_cards.ISSUER_KEYS_PATH, "issuerKeys", "The keys that sign cards and phones", wire_cards.IssuerKeysAnswer,
        queries.IssuersQuery),
    Operation(
        "GET", wire_cards.ANSWERS_PATH, "tapAnswers", "What chips will say at their next taps", wire_cards.AnswersPage,
        queries.FeedQuery),
    Operation(
        "GET", wire_feeds.BOOK_PATH, "book", "What the newest whole member book is", wire_feeds.SignedBook, queries.BookQuery,
        problems=_ABSENT),
    Operation(
        "GET", wire_feeds.CHUNK_PATH, "bookChunk", "A piece of a member book", wire_feeds.CHUNK_TYPE, queries.ChunkQuery,
        problems=_ABSENT),
    Operation(
        "POST", wire_spending.AVAILABLE_PATH, "available", "How much of an account can be reserved", wire_spending.Available,
        body=wire_spending.AvailableAsked),
    Operation(
        "POST", wire_spending.RESERVE_PATH, "reserve", "Set something aside", wire_spending.Reserved,
        body=wire_spending.Reserve, problems={409: (ProblemCode.NOT_ENOUGH, ProblemCode.HOLDER_LIMIT)}),
    Operation(
        "POST", wire_spending.COMMIT_PATH, "commit", "Keep a reservation until its sale arrives", wire_spending.ReservationAnswer,
        body=wire_spending.Commit, problems=_ABSENT),
    Operation(
        "POST", wire_spending.VOID_PATH, "void", "Give a reservation back", wire_spending.ReservationAnswer,
        body=wire_spending.Void, problems=_ABSENT),
    Operation(
        "POST", wire_spending.ASK_PATH, "askLeases", "All live leases of a journal", wire_spending.LeasesGranted,
        body=wire_spending.LeasesAsked),
    Operation(
        "POST", wire_spending.CLOSE_PATH, "closeLease", "Ask whether the end of a lease is booked", wire_spending.LeaseAnswer,
        body=wire_spending.CloseLease, problems=_ABSENT),
    Operation(
        "POST", wire_card_service.BEGIN_PATH, "beginCard", "Begin to speak with a chip", wire_card_service.CardStepTold,
        body=wire_card_service.CardBegin, problems=_OFTEN),
    Operation(
        "POST", wire_card_service.GO_ON_PATH, "goOnCard", "Hand on what a chip answered", wire_card_service.CardStepTold,
        body=wire_card_service.CardGoOn, problems=_ABSENT),
    Operation(
        "POST", wire_card_service.SUN_PATH, "checkSun", "Check the code of a tap", wire_card_service.ServiceVerdict,
        body=wire_card_service.SunAsked, problems=_OFTEN),
    Operation(
        "POST", wire_card_service.RECORD_PATH, "signRecord", "Sign a card record", wire_card_service.RecordSigned,
        body=wire_card_service.RecordAsked, problems={**_OFTEN, 409: (ProblemCode.INVALID,)}),
    Operation(
        "POST", wire_claims.CLAIM_PATH, "beginClaim", "A member without a card stands here, and has this phone",
        wire_claims.ClaimBegun, body=wire_claims.ClaimBegin),
    Operation(
        "POST", wire_claims.CLAIM_ANSWER_PATH, "answerClaim", "The member's PIN, or the code that was sent",
        wire_claims.ClaimJudged, body=wire_claims.ClaimAnswer, problems=_ABSENT),
    Operation("GET", wire_aside.ASIDE_PATH, "putAside", "Entries that are kept and were not posted", wire_aside.AsideList),
    Operation(
        "POST", wire_aside.RETRY_PATH, "retryAside", "Try to post one of them after all", wire_aside.Retried,
        body=wire_aside.RetryAsked, problems={**_ABSENT, **_OFTEN}),
    Operation(
        "GET", wire_benefits.HISTORY_PATH, "memberHistory", "What a member had of the club in a span of days",
        wire_benefits.MemberHistory, wire_benefits.HistoryAsked, problems={**_ABSENT, **_OFTEN}),
    Operation(
        "GET", wire_coupons.COUPONS_PATH, "couponsCalled", "The coupons with a printed number, and what became of them",
        wire_coupons.CouponsCalled, wire_coupons.CouponAsked, problems=_OFTEN),
    Operation(
        "POST", wire_returns.ASK_PATH, "askReturn", "The turn to take goods of a sale back, and what is known of it",
        wire_returns.ReturnTold, body=wire_returns.ReturnAsked,
        problems={**_ABSENT, **_OFTEN, 409: (ProblemCode.UNDER_WAY,)}),
    Operation(
        "POST", wire_returns.DROP_PATH, "dropReturn", "Give that turn back", wire_returns.TurnOver,
        body=wire_returns.ReturnDropped),
    Operation(
        "GET", wire_returns.RULES_PATH, "rulesOfSale", "The rule pack of a sale", wire_feeds.SignedPack,
        wire_returns.RulesAsked, problems=_ABSENT),
    Operation(
        "POST", wire_phones.LINK_PATH, "phoneLink", "A link by which one phone becomes a card of a member", wire_phones.LinkMade,
        body=wire_phones.LinkAsked, problems={**_ABSENT, 409: (ProblemCode.INVALID,)}),
)
_DOCUMENTS = (
    wire_trust.Welcomed, wire_trust.OfficeKeyChange, wire_feeds.BookManifest, wire_spending.LeaseTerms,
    wire_cards.IssuerKeyList)
"""What travels as signed bytes inside other messages."""


def document() -> dict[str, Any]:
    """Return the whole document."""
    forms = [form for each in OPERATIONS for form in (each.answer, each.query, each.body) if isinstance(form, type)]
    _, messages = msgspec.json.schema_components([*forms, *_DOCUMENTS, wire.Problem], ref_template=REF)
    entries, parts = msgspec.json.schema_components(list(ENTRY_TYPES.values()), ref_template=REF)
    schemas = {**messages, **parts, "JournalEntry": {
        "description": "One line of a batch: what `kind` says decides the form of `body`.", "oneOf": list(entries)}}
    refusals = {
        _named_by(status, codes): _refusal(status, codes)
        for each in OPERATIONS for status, codes in each.all_problems.items()}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Card station and head office", "version": str(wire.PROTOCOL), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Protocol version 1. How requests are signed, what the fields mean and in which order to ask: docs/sync.md."},
        "servers": [{"url": "/"}],
        "paths": {each.path: {each.method.lower(): _operation(each, messages)} for each in OPERATIONS},
        "components": {
            "schemas": {name: _tidy(schema) for name, schema in sorted(schemas.items())},
            "responses": {name: refusals[name] for name in sorted(refusals)},
            "parameters": _PARAMETERS, "headers": _HEADERS,
            "securitySchemes": {"signature": {
                "type": "apiKey", "in": "header", "name": "Signature",
                "description": "An Ed25519 signature after RFC 9421, with Signature-Input and Content-Digest: docs/sync.md."}},
        },
    }


def _operation(each: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"operationId": each.name, "summary": each.summary, "tags": [each.path.removeprefix(f"{API}/").partition("/")[0]]}
    parameters = _queried(each.query, schemas) if each.query else []
    if each.signed:
        said["security"] = [{"signature": []}]
    if each.body:
        said["requestBody"] = {"required": True, "content": _content(each.body)}
    if isinstance(each.body, str):
        parameters.append({"$ref": "#/components/parameters/Content-Encoding"})
    if parameters:
        said["parameters"] = parameters
    said["responses"] = {"200": {
        "description": "Done", "headers": _named("Server-Time-Us", "Server-Nonce", *(("Office-Signature",) if each.signed else ())),
        "content": _content(each.answer)}}
    for status, codes in each.all_problems.items():
        said["responses"][str(status)] = {"$ref": f"#/components/responses/{_named_by(status, codes)}"}
    return said


def _named_by(status: int, codes: tuple[ProblemCode, ...]) -> str:
    return "-".join((str(status), *codes))


def _queried(form: type[Message], schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = schemas[form.__name__]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _said_or_left_out(part)}
        for name, part in schema["properties"].items()]


def _said_or_left_out(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``part`` without its null, which no query can say."""
    [*others] = (each for each in part.get("anyOf", ()) if each != {"type": "null"})
    return others[0] if others else part


def _refusal(status: int, codes: tuple[ProblemCode, ...]) -> dict[str, Any]:
    headers = _named("Retry-After") if ProblemCode.BUSY in codes else {}
    schema = {"allOf": [{"$ref": REF.format(name="Problem")}, {"properties": {"code": {"enum": [code.value for code in codes]}}}]}
    return {"description": _MEANINGS[status], "content": {_JSON: {"schema": schema}}} | ({"headers": headers} if headers else {})


def _content(form: type[Message] | str) -> dict[str, Any]:
    if isinstance(form, str):
        return {form: {"schema": _BYTES}}
    return {_JSON: {"schema": {"$ref": REF.format(name=form.__name__)}}}


def _named(*headers: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _tidy(part: Any) -> Any:
    """Return ``part`` of a schema with its descriptions in Markdown."""
    if isinstance(part, list):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: inspect.cleandoc(each).replace("``", "`") if name == "description" and isinstance(each, str) else _tidy(each)
        for name, each in part.items()}


_PARAMETERS = {"Content-Encoding": {
    "name": "Content-Encoding", "in": "header", "required": True, "schema": {"type": "string", "enum": ["zstd", "gzip"]},
    "description": "How the NDJSON is packed: one frame of zstd, or one member of gzip."}}
_HEADERS = {
    "Server-Time-Us": {
        "description": "Head office's clock, µs since 1970 UTC.", "required": True, "schema": {"type": "string", "pattern": "^[0-9]{1,16}$"}},
    "Server-Nonce": {
        "description": "What to sign the next requests with.", "required": True, "schema": {"type": "string", "maxLength": 24}},
    "Office-Signature": {
        "description": "Head office's Ed25519 signature over the answer, base 64.", "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9+/]{86}==$"}},
    "Retry-After": {"description": "Seconds to wait.", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}


def text() -> str:
    """Return the document as it stands in ``docs/openapi.json``."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=1).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text().encode())
