"""Ready to be spread over many databases: the rules of ``headoffice.shards``, read from PostgreSQL's own catalogue."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from headoffice.shards import ACCOUNT, CARD, EVERYWHERE, SPREAD, STATION
from tests.headoffice.shop import Till, member, sale
from tests.rigs import postgres

Catalogue = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def catalogue(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    url = server.create("shards")
    subprocess.run(
        [sys.executable, "-m", "headoffice.main", "init", "--home", tmp_path_factory.mktemp("shards"), "--database", url],
        check=True, capture_output=True)
    with psycopg.connect(url) as found:
        yield found


def broken(catalogue: Catalogue) -> list[str]:
    """What breaks the rules, by table and what of it."""
    tables = {name for (name,) in catalogue.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")}
    wrong = [f"{name} is in no list or in two" for name in tables ^ (SPREAD.keys() ^ EVERYWHERE.keys())]
    leading = catalogue.execute("""
        SELECT relation.relname, label.relname, attname FROM pg_index
        JOIN pg_class relation ON relation.oid = indrelid JOIN pg_class label ON label.oid = indexrelid
        LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indisunique AND relation.relnamespace = 'public'::regnamespace""").fetchall()
    wrong += [f"{table}.{index} does not begin with {SPREAD[table][1]}" for table, index, first in leading
              if table in SPREAD and first != SPREAD[table][1]]
    wrong += [f"{table} has no primary key" for table in SPREAD.keys() & tables if table not in {
        name for (name,) in catalogue.execute("SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'p'")}]
    wrong += [f"{table}.{name} binds {table} to {other}" for name, table, other in catalogue.execute(
        "SELECT conname, conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'")
        if {table, other} & SPREAD.keys()]
    wrong += [f"{table}.{column} counts by a sequence" for table, column in catalogue.execute("""
        SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND (attidentity <> '' OR pg_get_expr(adbin, adrelid) LIKE 'nextval(%')""") if table in SPREAD]
    return sorted(wrong)


def test_every_table_keeps_the_rules(catalogue: Catalogue) -> None:
    assert broken(catalogue) == []


@pytest.mark.parametrize(("statement", "found"), [
    ("CREATE TABLE stray (a int)", "stray is in no list or in two"),
    ("CREATE UNIQUE INDEX by_hash ON intake_entry (hash)", "intake_entry.by_hash does not begin with station"),
    ("CREATE UNIQUE INDEX odd ON ledger_balance (lower(member))", "ledger_balance.odd does not begin with member"),
    ("ALTER TABLE ledger_sale DROP CONSTRAINT ledger_sale_pkey", "ledger_sale has no primary key"),
    ("ALTER TABLE ledger_sale ADD CONSTRAINT sold FOREIGN KEY (pack) REFERENCES register_packdocument (number)",
     "ledger_sale.sold binds ledger_sale to register_packdocument"),
    ("ALTER TABLE audit_difference ADD COLUMN n bigserial", "audit_difference.n counts by a sequence"),
    ("ALTER TABLE audit_difference ADD COLUMN n bigint NOT NULL GENERATED ALWAYS AS IDENTITY",
     "audit_difference.n counts by a sequence")])
def test_each_break_of_a_rule_is_found(catalogue: Catalogue, statement: str, found: str) -> None:
    catalogue.execute(statement)
    try:
        assert broken(catalogue) == [found]
    finally:
        catalogue.rollback()


def test_an_upload_touches_the_shard_of_its_station_alone(till: Till) -> None:
    till.journal.append(sale(member(0)))
    till.journal.append_raw(b"poison")
    till.projects = False
    said: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's form
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert till.put(1, 3).status == 200
    touched = {table for sql in said for table in re.findall(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?(\w+)", sql)}
    assert {"intake_incarnation", "intake_entry", "intake_quarantine"} <= touched
    assert {SPREAD[table][0] for table in touched} == {STATION}


def test_there_are_three_kinds_of_shards() -> None:
    assert {kind for kind, _ in SPREAD.values()} == {STATION, ACCOUNT, CARD}
