"""What goes down to the stations: members with exact points, goods, the signed pack."""

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from headoffice import demo
from headoffice.feeds import members, shelf
from headoffice.feeds.cursor import seal, unseal
from headoffice.feeds.members import MembersPlace
from headoffice.feeds.paging import FeedPlace
from headoffice.feeds.versions import MEMBERS, SHELF, begin_life, last_version, members_changed, take
from headoffice.ledger.models import Balance
from headoffice.refusal import RefusalError
from headoffice.register.models import Card, Member, PackDocument, Product
from station.card import CardStatus
from station.card_hash import card_hash
from station.dates import Calendar
from station.pack import Pack
from station.points import PointsEntry, PointsKind
from station.product import ProductKind
from station.sale import Sale
from sync import wire_feeds
from sync.ed25519 import Ed25519Verifier, public_key
from sync.wire import ProblemCode
from tests.headoffice.conftest import GOODS
from tests.headoffice.conftest import MEMBERS as COUNT
from tests.headoffice.shop import Till, member, sale


@dataclass
class Cache:
    """A station's member cache, and what it may show: what was fed plus its own after ``projected``.

    A figure is a pair: points and purchases. ``own`` holds entry, member, points and purchases.
    """

    till: Till
    cursor: str = ""
    projected: int = 0
    fed: dict[str, tuple[int, int]] = field(default_factory=dict)
    own: list[tuple[int, str, int, int]] = field(default_factory=list)

    def sell(self, i: int) -> None:
        """Sell to member ``i``; from ``COUNT`` on to member ``i`` − ``COUNT``, who earns nothing by it."""
        sold = sale(member(i % COUNT))
        self.record(replace(sold, points=()) if i >= COUNT else sold)

    def record(self, sold: Sale) -> None:
        seq, buyer = self.till.journal.append(sold), sold.basket.member
        self.own.extend((seq, each.member_id, each.points, 0) for each in sold.points)
        if buyer:
            self.own.append((seq, buyer.member_id, 0, 1))

    def pull(self, size: int) -> bool:
        page = members.page("12-1", self.till.journal.incarnation, self.cursor, size)
        assert len(page.changes) <= size
        self.cursor, self.projected = page.cursor, page.projected
        self.fed.update((change.member_id, (change.points, change.purchases)) for change in page.changes)
        return page.more

    def with_own(self, figures: tuple[int, int], who: str, after: int) -> tuple[int, int]:
        own = [moved for seq, whose, *moved in self.own if whose == who and seq > after]
        return figures[0] + sum(points for points, _ in own), figures[1] + sum(bought for _, bought in own)


def openings() -> dict[str, tuple[int, int]]:
    return {each.member: (each.points, each.purchases) for each in Balance.objects.all()}


def everything_shown_is_exact(cache: Cache, opening: dict[str, tuple[int, int]]) -> None:
    for who, fed in cache.fed.items():
        assert cache.with_own(fed, who, cache.projected) == cache.with_own(opening[who], who, 0), who


def test_an_upload_between_two_pages_counts_no_point_twice_and_loses_none(till: Till) -> None:
    opening, cache = openings(), Cache(till)
    for i in range(5):
        cache.sell(i)
    till.put(1, 3)
    assert cache.pull(10)
    everything_shown_is_exact(cache, opening)
    for i in (0, 4, 9, COUNT + 15, COUNT + 29):
        cache.sell(i)
    till.put(4, 8)
    while cache.pull(10):
        everything_shown_is_exact(cache, opening)
    everything_shown_is_exact(cache, opening)
    assert len(cache.fed) == COUNT
    assert cache.projected == 8
    till.put(9, 11)
    while cache.pull(10):
        everything_shown_is_exact(cache, opening)
    assert {who: cache.fed[who] for who in opening} == openings()


@pytest.mark.parametrize("first", [0, COUNT], ids=["with points", "without"])
def test_more_members_than_fit_on_a_page_come_by_and_by(till: Till, first: int) -> None:
    opening, cache = openings(), Cache(till)
    while cache.pull(10):
        pass
    for i in (*range(9), 0):
        cache.sell(first + i)
    till.put(1, 11)
    marks = []
    while cache.pull(4):
        everything_shown_is_exact(cache, opening)
        marks.append(cache.projected)
    everything_shown_is_exact(cache, opening)
    assert marks[:2] == [5, 9]
    assert (cache.projected, cache.fed) == (11, openings())


def test_points_of_a_member_who_did_not_buy_are_exact_as_well(till: Till) -> None:
    """No honest station makes such a sale; head office posts it all the same, and flags it."""
    opening, cache = openings(), Cache(till)
    while cache.pull(10):
        pass
    for i in range(1, 9):
        key = f"other/{i}"
        cache.record(replace(sale(member(0)), points=(
            PointsEntry(key, demo.member_id(i), PointsKind.EARN, 7, "earn"),)))
    till.put(1, 9)
    while cache.pull(4):
        everything_shown_is_exact(cache, opening)
    everything_shown_is_exact(cache, opening)
    assert (cache.projected, cache.fed) == (9, openings())


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(
    st.integers(0, 2 * COUNT - 1), st.just("put"), st.just("other"), st.just("pull")), max_size=60))
def test_no_order_of_sales_uploads_and_pages_shows_a_wrong_balance(till: Till, steps: list[int | str]) -> None:
    """Head office changes a member in between as well ("other"), which moves it up in the feed."""
    fresh = Till("12-1", till.key)
    cache, sent = Cache(fresh), 0
    opening = openings()
    for step in steps:
        if isinstance(step, int):
            cache.sell(step)
        elif step == "put" and len(fresh.journal.raws) > sent:
            fresh.put(sent + 1, len(fresh.journal.raws))
            sent = len(fresh.journal.raws)
        elif step == "other":
            with transaction.atomic(), connection.cursor() as cursor:
                members_changed(cursor, {demo.member_id(3): "2026-11-22"})
        else:
            cache.pull(4)
        everything_shown_is_exact(cache, opening)
    while cache.pull(4):
        everything_shown_is_exact(cache, opening)
    everything_shown_is_exact(cache, opening)
    assert cache.fed.keys() == opening.keys()


def test_a_page_holds_the_member_whole(till: Till) -> None:
    page = till.members()
    assert (len(page.changes), page.more, page.projected) == (COUNT, False, 0)
    blocked = next(change for change in page.changes if change.member_id == demo.member_id(demo.BLOCKED_AT))
    printed = card_hash(settings.KEYS.card, demo.card_number(demo.BLOCKED_AT))
    touched = card_hash(settings.KEYS.card, demo.card_uid(demo.BLOCKED_AT))
    assert {card.hash: card.status for card in blocked.cards} == {
        printed: CardStatus.BLOCKED, touched: CardStatus.ACTIVE}
    row = Member.objects.get(id=blocked.member_id)
    assert (blocked.name, blocked.phone, blocked.tier) == (row.name, row.phone, row.tier)
    assert (blocked.segments, blocked.purchases) == (tuple(row.segments), 0)
    assert till.members(page.cursor).changes == ()


def test_segments_and_the_birthday_are_fed_and_a_birthday_may_be_missing(till: Till) -> None:
    with transaction.atomic(), connection.cursor() as writer:
        versions = take(writer, MEMBERS, 2)
        Member.objects.filter(id=demo.member_id(1)).update(
            segments=["staff", "family"], birth_calendar="JALALI", birth_month=12, birth_day=30, version=versions[0])
        Member.objects.filter(id=demo.member_id(2)).update(
            segments=[], birth_calendar="", birth_month=0, birth_day=0, version=versions[1])
    changes = {change.member_id: change for change in till.members().changes}
    first, second = changes[demo.member_id(1)], changes[demo.member_id(2)]
    assert first.segments == ("staff", "family")
    assert first.birth == wire_feeds.BirthOfMember(calendar=Calendar.JALALI, month=12, day=30)
    assert (second.segments, second.birth) == ((), None)


@pytest.mark.parametrize("birth", [
    ("JALALI", 13, 1), ("JALALI", 0, 1), ("GREGORIAN", 1, 32), ("GREGORIAN", 1, 0), ("JULIAN", 1, 1), ("", 1, 1)])
def test_a_birthday_that_stations_would_refuse_cannot_be_registered(office: Path, birth: tuple[str, int, int]) -> None:
    assert office.exists()
    calendar, month, day = birth
    with pytest.raises(IntegrityError, match="birth_is_a_day"), transaction.atomic():
        Member.objects.update(birth_calendar=calendar, birth_month=month, birth_day=day)


def test_a_kind_of_good_that_stations_would_refuse_cannot_be_registered(office: Path) -> None:
    assert office.exists()
    with pytest.raises(IntegrityError, match="kind_is_known"), transaction.atomic():
        Product.objects.update(kind="SERVICE")


def test_a_sale_posted_twice_is_one_purchase(till: Till) -> None:
    sold = sale(member(2))
    till.journal.append(sold)
    till.journal.append(sold)
    till.put(1, 3)
    assert Balance.objects.get(member=demo.member_id(2)).purchases == 1
    [change] = [each for each in till.members().changes if each.member_id == demo.member_id(2)]
    assert change.purchases == 1


def test_a_sale_and_a_change_bring_a_member_again_and_a_gone_one_empty(till: Till) -> None:
    cursor = till.members().cursor
    till.journal.append(sale(member(2)))
    till.put(1, 2)
    page = till.members(cursor)
    [change] = page.changes
    assert (change.member_id, change.last_visit, page.projected) == (demo.member_id(2), "2026-11-22", 2)
    with transaction.atomic(), connection.cursor() as writer:
        Member.objects.filter(id=demo.member_id(5)).update(gone=True, version=take(writer, MEMBERS, 1)[0])
    [change] = till.members(page.cursor).changes
    assert change == wire_feeds.MemberChange(
        member_id=demo.member_id(5), name="", phone="", tier="", points=0, last_visit="", segments=(), birth=None, purchases=0,
        cards=(), gone=True)


def test_a_cursor_of_another_journal_or_a_lost_future_starts_over(till: Till) -> None:
    cursor = till.members().cursor
    assert len(till.members(cursor, "f" * 32).changes) == COUNT
    future = seal(MembersPlace(10**6, till.journal.incarnation, 0))
    assert len(till.members(future).changes) == COUNT
    beyond = seal(MembersPlace(1, till.journal.incarnation, 9))
    assert len(till.members(beyond).changes) == COUNT
    assert len(shelf.page("12", seal(FeedPlace(10**6), SHELF)).changes) == GOODS


def _renamed(i: int) -> None:
    """Change member ``i``."""
    with transaction.atomic(), connection.cursor() as writer:
        Member.objects.filter(id=demo.member_id(i)).update(tier="gold", version=take(writer, MEMBERS, 1)[0])


def test_a_restored_head_office_that_gives_a_version_out_again_does_not_hide_what_is_under_it(till: Till) -> None:
    """Head office is restored to the time before a change; it makes another one before the station asks."""
    begin_life()
    lost = till.members().cursor
    begin_life()  # the backup was put back: in the life that was lost, a version above was given out
    cursor = seal(msgspec.structs.replace(
        unseal(lost, MembersPlace), version=last_version(MEMBERS) + 1))
    _renamed(5)
    assert len(till.members(cursor).changes) == COUNT
    assert [each.member_id for each in till.members(lost).changes] == [demo.member_id(5)]


def test_what_lies_between_the_backup_and_a_version_that_a_station_shows_stays_lost(till: Till) -> None:
    """Two stations were fed in a life that goes on, after the backup that was put back."""
    begin_life()
    cursor = till.members().cursor
    place = unseal(cursor, MembersPlace)
    lost = [seal(msgspec.structs.replace(place, version=place.version + more)) for more in (20, 10)]
    assert [len(till.members(each).changes) for each in lost] == [COUNT, COUNT]
    assert not till.members(cursor).changes
    assert last_version(MEMBERS) == place.version + 20
    _renamed(5)
    assert [len(till.members(each).changes) for each in lost] == [COUNT, COUNT]
    assert [each.member_id for each in till.members(cursor).changes] == [demo.member_id(5)]


def test_a_cursor_of_a_life_that_is_not_known_starts_over(till: Till) -> None:
    cursor = till.members().cursor
    begin_life()
    assert not till.members(cursor).changes
    of_another = seal(msgspec.structs.replace(unseal(cursor, MembersPlace), life="lost"))
    assert len(till.members(of_another).changes) == COUNT


@pytest.mark.parametrize("forged", ["AAAA", "*", "", "é"])
def test_a_cursor_not_made_here_is_refused(till: Till, forged: str) -> None:
    cursor = forged or seal(FeedPlace(1), SHELF)
    answer = till.ask("GET", wire_feeds.MEMBERS_FEED_PATH, query={
        "cursor": cursor, "incarnation": till.journal.incarnation})
    assert answer.problem() == (400, ProblemCode.INVALID)
    with pytest.raises(RefusalError):
        members.page("12-1", till.journal.incarnation, cursor)


def test_an_unknown_parameter_is_refused(till: Till) -> None:
    assert till.ask("GET", wire_feeds.SHELF_FEED_PATH, query={"page": 2}).problem() == (400, ProblemCode.INVALID)
    assert till.ask("GET", wire_feeds.MEMBERS_FEED_PATH).problem() == (400, ProblemCode.INVALID)


def test_goods_come_in_pages_and_again_when_they_change(till: Till) -> None:
    first = shelf.page("12", "", size=5)
    assert (len(first.changes), first.more) == (5, True)
    rest = till.ask("GET", wire_feeds.SHELF_FEED_PATH, query={"cursor": first.cursor}).read(wire_feeds.ShelfPage)
    assert (len(rest.changes), rest.more) == (GOODS - 5, False)
    product = first.changes[0].product
    assert product is not None
    assert (product.product_id, product.barcode, product.name.en) == ("G0001", demo.barcode(1), "Milk, low fat 0.5 l")
    assert (product.category, product.kind, product.taxes) == ("dairy", ProductKind.GOODS, ())
    with transaction.atomic(), connection.cursor() as cursor:
        Product.objects.filter(id="G0002").update(
            category="vouchers", kind="GIFT_CARD", taxes=["vat", "duty"], version=take(cursor, SHELF, 1)[0])
    [change] = (again := shelf.page("12", rest.cursor)).changes
    assert change.product is not None
    assert change.product.category == "vouchers"
    assert change.product.kind is ProductKind.GIFT_CARD
    assert change.product.taxes == ("vat", "duty")
    with transaction.atomic(), connection.cursor() as cursor:
        Product.objects.filter(id="G0003").update(gone=True, version=take(cursor, SHELF, 1)[0])
    [change] = shelf.page("12", again.cursor).changes
    assert change == wire_feeds.ShelfChange(product_id="G0003", product=None, barcodes=(), planned=())


def test_the_pack_is_signed_over_its_exact_bytes(till: Till) -> None:
    answer = till.ask("GET", wire_feeds.PACK_PATH).read(wire_feeds.NextPack)
    signed = answer.pack
    assert signed is not None
    document, signature = base64.b64decode(signed.document), base64.b64decode(signed.signature)
    assert Ed25519Verifier(public_key(settings.KEYS.office)).verify(signature, document)
    assert msgspec.json.decode(document, type=Pack) == demo.PACK
    assert (signed.number, answer.highest) == (1, 1)


def test_without_a_pack_there_is_none_to_give(till: Till) -> None:
    PackDocument.objects.all().delete()
    none = till.ask("GET", wire_feeds.PACK_PATH).read(wire_feeds.NextPack)
    assert (none.highest, none.pack) == (0, None)


def test_every_card_of_the_register_is_a_hash(till: Till) -> None:
    assert till.hello().status == 200
    numbers = {demo.card_number(i) for i in range(COUNT)} | {demo.card_uid(i) for i in range(COUNT)}
    assert Card.objects.count() == 2 * COUNT
    assert numbers.isdisjoint(map(str, Card.objects.values_list("hash", flat=True)))
