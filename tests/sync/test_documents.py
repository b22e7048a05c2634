"""Documents from outside: JSON and nothing but JSON, every refusal one line; the published schema says the same."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from station.basket import Coupon
from station.member import MemberSnapshot
from station.pack import Pack
from station.replay import Born
from sync.documents import convert, pack_schema, read, read_pack
from tests.station.test_pack import HEAD, SOUND, altered

SCHEMA = Path(__file__).parents[2] / "docs" / "pack.schema.json"
SHORT = HEAD | {"tiers": []}


def refusal(document: bytes, kind: type[Any] = MemberSnapshot) -> str:
    with pytest.raises(ValueError, match=r"^\$") as refused:
        read(document, kind)
    line = str(refused.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(("document", "line"), [
    (b"", "$: not JSON: Expecting value: line 1 column 1 (char 0)"),
    (b"{", "$: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    (b'{"member_id": "m"} {}', "$: not JSON: Extra data: line 1 column 20 (char 19)"),
    (b"\xef\xbb\xbf{}", "$: not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
    (b'{"member_id": "\xff"}', "$: not UTF-8: invalid start byte at byte 15"),
    (json.dumps({"member_id": "m"}).encode("utf-16"), "$: not UTF-8: invalid start byte at byte 0"),
    (b'{"member_id": NaN}', "$: NaN is not a number of JSON"),
    (b'{"points": -Infinity}', "$: -Infinity is not a number of JSON"),
    (b'{"points": 9223372036854775808}', "$: 9223372036854775808: expected a whole number of at most 63 bits"),
    (b'{"points": -' + b"9" * 5000 + b"}", f"$: -{'9' * 59}…: expected a whole number of at most 63 bits"),
    (b'{"member_id": "a", "points": 1, "member_id": "b"}', '$: "member_id" stands twice in one object'),
    (b'{"birth": [{"a\\n": 1, "b": 2, "a\\n": 1}]}', '$: "a\\n" stands twice in one object'),
    (b"[" * 100_000, "$: nested too deep"),
    (b'{"member_id": ' + b"[" * 100_000, "$: nested too deep"),
    (b"[]", "$: []: expected `object`, got `array`"),
    (b"null", "$: null: expected `object`, got `null`"),
    (b'{"tier": "gold"}', '$: {"tier": "gold"}: object missing required field `member_id`'),
    (b'{"member_id": 5}', "$.member_id: 5: expected `str`, got `int`"),
    (b'{"member_id": "m", "points": 1.5}', "$.points: 1.5: expected `int`, got `float`"),
    (b'{"member_id": "m", "points": 1.0}', "$.points: 1.0: expected `int`, got `float`"),
    (b'{"member_id": "m", "points": true}', "$.points: true: expected `int`, got `bool`"),
    (b'{"member_id": "m", "points": null}', "$.points: null: expected `int`, got `null`"),
    (b'{"member_id": "m", "segments": ["a", 7]}', "$.segments[1]: 7: expected `str`, got `int`"),
    (b'{"member_id": "m", "birth": {"calendar": "LUNAR", "month": 1, "day": 1}}',
     '$.birth.calendar: "LUNAR": expected one of JALALI, GREGORIAN'),
    (b'{"member_id": "m", "birth": {"calendar": "JALALI", "month": 13, "day": 1}}',
     '$.birth: {"calendar": "JALALI", "month": 13, "day": 1}: not a birthday: month 13, day 1'),
    (b'{"member_id": "m", "birth": {"year": 1}}', "$.birth.year: 1: no such field, expected one of calendar, month, day"),
    (b'{"member_id": "m", "a\\nb": {}}',
     '$["a\\nb"]: {}: no such field, expected one of member_id, tier, points, segments, birth, purchases'),
    (b'{"member_id": ["' + b"x" * 99 + b'"]}', f'$.member_id: ["{"x" * 58}…: expected `str`, got `array`'),
])
def test_a_document_is_refused_in_one_line(document: bytes, line: str) -> None:
    assert refusal(document) == line


@pytest.mark.parametrize("document", [b'{"member_id": "\\ud800"}', b'{"points": 1e999}'])
def test_what_only_some_readers_of_json_let_pass_is_refused(document: bytes) -> None:
    assert refusal(document).startswith("$: not JSON: ")


def test_a_value_nested_too_deep_to_be_shown_is_refused_too() -> None:
    for depth in range(850, 1000):
        line = refusal(b'{"member_id": ' + b"[" * depth + b"]" * depth + b"}")
        assert line == "$: nested too deep" or line.endswith("expected `str`, got `array`")


def test_a_good_document_is_read() -> None:
    raw = '{"member_id": "م", "points": 9223372036854775807}'.encode()
    assert read(raw, MemberSnapshot) == MemberSnapshot("م", points=2**63 - 1)


def test_a_name_of_the_documents_own_stands_in_the_path() -> None:
    text = {"fa": "", "en": ""}
    for name, shown in (("c", ".c"), ("good bye", '["good bye"]'), ("\u2028", '["\u2028"]')):
        line = refusal(json.dumps(SHORT | {"texts": {"a": text, name: {"fa": "", "en": 1}, "b": text}}).encode(), Pack)
        assert line == f"$.texts{shown}.en: 1: expected `str`, got `int`"


def test_the_path_begins_where_the_value_stood() -> None:
    assert convert({"code": "X"}, Coupon, "$.coupons[3]") == Coupon("X")
    with pytest.raises(ValueError, match=r"^\$\.coupons\[3\]: \{\"code\": \"\"\}: a coupon has a code$"):
        convert({"code": ""}, Coupon, "$.coupons[3]")
    with pytest.raises(ValueError, match=r"^\$\.events\[0\]\.birth\.day: \"1\": expected `int`, got `str`$"):
        convert({"account": "m", "day": "x", "birth": {"calendar": "JALALI", "month": 1, "day": "1"}}, Born, "$.events[0]")


def test_the_schema_in_the_docs_is_the_packs_own() -> None:
    # written by: json.dumps(pack_schema(), ensure_ascii=False, indent=1) and a line end
    assert SCHEMA.read_text(encoding="utf-8") == json.dumps(pack_schema(), ensure_ascii=False, indent=1) + "\n"


def test_the_schema_is_one_and_closes_every_object() -> None:
    schema = pack_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(":1")
    objects = [part for part in schema["$defs"].values() if part.get("type") == "object"]
    assert len(objects) > 20
    assert {part["additionalProperties"] for part in objects} == {False}


def faults(document: object) -> list[str]:
    """The places where the published schema finds ``document`` amiss."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return [error.json_path for error in validator.iter_errors(document)]


@pytest.mark.parametrize("document", [
    SOUND, SHORT, altered("club.tiers", {"steps": [{"tier": "gold", "least": 0}], "basis": "POINTS"}),
    altered("promotions.0.reward", {"steps": {"by": "AMOUNT", "steps": [{"least": 1, "rate": "5"}]}, "cap": None})])
def test_what_the_program_reads_is_valid_by_the_schema(document: dict[str, Any]) -> None:
    assert read_pack(json.dumps(document).encode()).version == 1
    assert faults(document) == []


@pytest.mark.parametrize(("path", "value", "place"), [
    ("version", 2, "$.version"), ("version", "1", "$.version"), ("extra", 1, "$"), ("tiers", None, "$.tiers"),
    ("promotions.0.rewards", {}, "$.promotions[0]"), ("promotions.0.reward.percent", {"rate": 10}, "$.promotions[0].reward.percent"),
    ("promotions.0.when.weekdays", ["FUNDAY"], "$.promotions[0].when.weekdays[0]"), ("card_caps.0.card", 9, "$.card_caps[0].card"),
    ("texts.welcome.de", "", "$.texts.welcome"), ("club.ledger.calendar", "LUNAR", "$.club.ledger.calendar"),
    ("effective_us", 0.5, "$.effective_us")])
def test_what_is_broken_is_broken_by_schema_and_program_alike(path: str, value: object, place: str) -> None:
    document = altered(path, value)
    found = faults(document)
    assert found
    assert all(each.startswith(place) for each in found)
    with pytest.raises(ValueError, match=r"^\$"):
        read_pack(json.dumps(document).encode())


def test_a_pack_without_its_head_is_broken_for_both() -> None:
    for name in ("version", "number", "currency", "tiers"):
        headless = {field: value for field, value in SOUND.items() if field != name}
        assert faults(headless) == ["$"]
        assert name in refusal(json.dumps(headless).encode(), Pack)
