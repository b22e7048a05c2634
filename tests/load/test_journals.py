"""Journals of many stations out of one: each reads as if its station had written it."""

import json
from itertools import pairwise

from headoffice.intake.batch import inflate, unpack
from tests.fakes import member, pack, product
from tests.load.journals import packed, parts, raws
from tests.load.sales import Shop, drafts
from tests.load.stations import identity, incarnation

SHOP = Shop("12", pack(), [product(number, 38_500) for number in range(1, 9)], [member(1).snapshot()])
MADE = parts(list(drafts(SHOP, 200, 1)))


def test_spliced_entries_are_what_the_station_would_have_written() -> None:
    one, other = (list(raws(MADE, identity(number).station, incarnation(number))) for number in (1, 2))
    for seq, (raw, theirs) in enumerate(zip(one, other, strict=True), 1):
        entry, another = json.loads(raw), json.loads(theirs)
        assert (entry["station"], entry["incarnation"], entry["seq"]) == ("12-1", incarnation(1), seq)
        assert (another["station"], another["incarnation"], another["seq"]) == ("12-2", incarnation(2), seq)
        if entry["kind"] == "SALE":
            sale = entry["body"]["sale_id"]
            assert sale == entry["body"]["basket"]["basket_id"] != another["body"]["sale_id"]
            assert all(each["key"].startswith(sale) for each in entry["body"]["points"])


def test_batches_are_the_whole_journal_chained() -> None:
    batches = packed(MADE, "12-1", incarnation(1), 60)
    links = [link for batch in batches for link in unpack(batch.head, inflate(batch.body, "zstd"))]
    assert len(batches) > 3
    assert sum(batch.sales for batch in batches) == 200
    assert [link.raw for link in links] == list(raws(MADE, "12-1", incarnation(1)))
    assert all(after.head.previous == before.head.head for before, after in pairwise(batches))
