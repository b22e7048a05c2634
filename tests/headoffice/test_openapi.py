"""docs/openapi.json is what the program makes, and names exactly the paths that are answered."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern
from jsonschema import Draft202012Validator

from headoffice.api.openapi import OPERATIONS, Operation, document, text
from headoffice.urls import urlpatterns
from sync.wire import API

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_kept_document_is_current() -> None:
    assert KEPT.read_text(encoding="utf-8") == text(), "python -m headoffice.api.openapi > docs/openapi.json"


def test_it_is_made_without_django() -> None:
    code = "import sys, headoffice.api.openapi as made; made.text(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_path_of_the_api_is_in_it_and_no_other() -> None:
    served = {f"/{each.pattern}" for each in urlpatterns if isinstance(each, URLPattern)}
    assert {each.path for each in OPERATIONS} == {path for path in served if path.startswith(API)}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_path_wants_just_the_method_it_is_said_to_want(operation: Operation, office: Path) -> None:
    assert office.exists()
    client = Client(SERVER_NAME="127.0.0.1")
    statuses = {method: client.generic(method, operation.path).status_code for method in ("GET", "POST", "PUT", "DELETE")}
    assert {method for method, status in statuses.items() if status != 405} == {operation.method}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_what_is_said_to_be_signed_wants_a_signature_and_nothing_else_does(operation: Operation, office: Path) -> None:
    assert office.exists()
    answer = Client(SERVER_NAME="127.0.0.1").generic(operation.method, operation.path)
    assert (answer.status_code == 401) is operation.signed


def _references(part: Any) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(_references, part)) if part else set()
    if not isinstance(part, dict):
        return set()
    found = {part["$ref"]} if "$ref" in part else set()
    return found.union(*map(_references, part.values())) if part else found


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    made = json.loads(text())
    for reference in _references(made):
        there = made
        for name in reference.removeprefix("#/").split("/"):
            there = there[name]
    for schema in made["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_message_that_is_asked_for_is_closed() -> None:
    schemas = document()["components"]["schemas"]
    for each in OPERATIONS:
        for form in (each.query, each.body, each.answer):
            if isinstance(form, type):
                assert schemas[form.__name__]["additionalProperties"] is False
