"""The console: its lists and pages open in both languages, for staff and for nobody else."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headoffice import demo
from headoffice.cards.alerts import close
from headoffice.console import format as shown
from headoffice.console.models import AlarmRow, QuarantineRow, SaleRow
from headoffice.register.models import Card, Member
from headoffice.register.packs import publish
from headoffice.stations.models import Station
from station.card import Medium
from station.card_life import CardIssued
from station.enrolling import Admitted, MemberEnrolled
from station.journal import EntryKind
from station.pricing import price
from station.promotion import ALWAYS
from station.protection import Protection
from station.rewards import PercentOff, Reward
from tests.headoffice.shop import CASHIER, Journal, Till, member, sale
from tests.headoffice.taps import CARD, tap

LISTS = ("salerow", "memberrow", "stationrow", "differencerow", "alarmrow", "quarantinerow", "clonerow", "conflictrow",
         "enrolmentrow")
ENROLLED = "019ab000-0000-7000-8000-000000000001"
ENGLISH = re.compile(r">\s*([A-Za-z][a-z]+[A-Za-z .']*)\s*<")
LATIN = {"English", "en", "fa", "esc", "mina", "sara"}


@pytest.fixture
def staff(office: Path) -> Client:
    """A browser of somebody at head office."""
    assert office.exists()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_user("mina", is_staff=True))
    return client


def busy(till: Till) -> None:
    """A day with an honest sale, a doctored one, poison, a copied card, a forged one, one of nobody given out, an enrolment, and a fork."""
    till.journal.append(sale(member(0)))
    till.journal.append(sale(member(1), points=()))
    till.journal.append_raw(b'{"poison":"\xff"}')
    tap(till, 5)
    tap(till, 5, 90, refused="CARD_FORGED")
    tap(till, 5, 99)
    till.journal.append(CardIssued(7, "nobody", Medium.CHIP), kind=EntryKind.CARD_ISSUED)
    enrolled = MemberEnrolled(ENROLLED, "silver", Admitted(1), referrer="nobody")
    till.journal.append(enrolled, kind=EntryKind.MEMBER_ENROLLED, actor=CASHIER)
    till.put(1, 9)
    till.hello(2)


def page(client: Client, address: str, language: str) -> str:
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_list_of_stations_shows_how_well_their_files_are_protected(staff: Client, till: Till) -> None:
    address = "/console/console/stationrow/"
    told = {
        Protection.HARDWARE: ("encrypted, key in a chip", "رمزشده، کلید در تراشه"),
        Protection.OS_ACCOUNT: ("encrypted, key in the system&#x27;s store", "رمزشده، کلید در مخزن سیستم‌عامل"),
        Protection.FILE: ("encrypted, key beside it (weak)", "رمزشده، کلید کنار آن (ضعیف)"),
        Protection.NONE: ("not encrypted, no members kept", "رمزنشده، بدون اطلاعات عضوها")}
    silent = page(staff, address, "en")
    assert [words for words, _ in told.values() if words in silent] == []
    for protection, (english, persian) in told.items():
        till.hello(protection=protection)
        assert english in page(staff, address, "en")
        assert persian in page(staff, address, "fa")
        assert Station.objects.get(id="12-1").protection == protection


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_list_and_page_opens(staff: Client, till: Till, language: str) -> None:
    busy(till)
    assert f'lang="{language}"' in page(staff, "/console/", language)
    for model in LISTS:
        listed = page(staff, f"/console/console/{model}/", language)
        [first, *_] = re.findall(rf'href="(/console/console/{model}/[^"?]+/change/)', listed)
        assert page(staff, first, language)


def test_a_sale_is_told_line_by_line(staff: Client, till: Till) -> None:
    busy(till)
    name = Member.objects.get(id=demo.member_id(0)).name
    row = SaleRow.objects.get(seq=2)
    listed = page(staff, "/console/console/salerow/", "en")
    assert name in listed
    assert "12-1-000002-" in listed
    english = page(staff, f"/console/console/salerow/{row.pk.replace('/', '_2F')}/change/", "en")
    # 733 260 less 5 %: 36 663
    for text in ("Gold member discount on line", "-36,663", "696,597", 'Milk × <bdi dir="ltr">2</bdi>', 'Tax contained, <bdi dir="ltr">10</bdi> percent',
                 "Not given: Silver member discount (not for this tier)", row.sale_id):
        assert text in english
    persian = page(staff, f"/console/console/salerow/{row.pk.replace('/', '_2F')}/change/", "fa")
    for text in ("۶۹۶٬۵۹۷", "تخفیف عضو طلایی", 'dir="rtl"', "۱۴۰۵/۰۹/۰۱"):
        assert text in persian


def test_a_discount_that_did_not_fit_and_a_pack_nobody_published_are_told(staff: Client, till: Till) -> None:
    greedy = replace(demo.PACK, number=2, promotions=tuple(
        replace(each, when=ALWAYS, reward=Reward(percent=PercentOff("60"))) for each in demo.PACK.promotions[:2]))
    publish(greedy, 0)
    sold = sale()
    basket = replace(sold.basket, pack=2)
    till.journal.append(replace(sold, basket=basket, priced=price(greedy, basket)))
    till.journal.append(replace(sale(), basket=replace(basket, pack=9)))
    till.put(1, 3)
    told = page(staff, f"/console/console/salerow/12-1_2F{sold.sale_id}/change/", "en")
    # 60 percent of 733 260 twice: of the second 439 956 only 293 304 are left
    assert 'Lost, for line <bdi dir="ltr">1</bdi> held no more: Silver member discount' in told
    assert "146,652" in told
    unknown = SaleRow.objects.get(seq=3).pk.replace("/", "_2F")
    assert "Before discount" in page(staff, f"/console/console/salerow/{unknown}/change/", "en")


def test_differences_name_the_rule_and_lead_to_the_sale(staff: Client, till: Till) -> None:
    busy(till)
    listed = page(staff, "/console/console/differencerow/", "en")
    assert "points that the sale does not earn" in listed
    [link] = set(re.findall(r'href="(/console/console/salerow/[^"]+/change/)"', listed))
    assert "points that the sale does not earn" in page(staff, link, "en")


def test_copied_cards_are_shown_with_both_places_until_they_are_closed(staff: Client, till: Till) -> None:
    Card.objects.create(hash=CARD, member=demo.member_id(0), status="ACTIVE")
    busy(till)
    address = "/console/console/clonerow/"
    listed = page(staff, address, "en")
    for text in ("one code of the card at two places", "a forged card, refused at the counter", '<bdi dir="ltr">12-1/7</bdi>',
                 '<bdi dir="ltr">12-1/5</bdi>', Member.objects.get(id=demo.member_id(0)).name, "14:05", "15:44"):
        assert text in listed
    assert "یک رمز کارت در دو جا" in page(staff, address, "fa")
    chosen = page(staff, f"{address}?kind=FORGED", "en")
    assert ("12-1/6" in chosen, "12-1/7" in chosen) == (True, False)
    assert close(f"12-1/{till.journal.incarnation}/6", 1)
    still_open = page(staff, f"{address}?closed__exact=0", "en")
    assert ("12-1/6" in still_open, "12-1/7" in still_open) == (False, True)


def test_nothing_in_persian_is_left_in_english(staff: Client, till: Till) -> None:
    busy(till)
    for model in LISTS:
        text = page(staff, f"/console/console/{model}/", "fa")
        body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", text[text.index("<body"):], flags=re.DOTALL)
        body = re.sub(r"<span[^>]*material-symbols[^>]*>[^<]*</span>", "", body)
        assert {word.strip() for word in ENGLISH.findall(body)} <= LATIN, model


def test_nobody_gets_in_without_being_staff(office: Path) -> None:
    assert office.exists()
    client = Client(SERVER_NAME="127.0.0.1")
    for model in LISTS:
        answer = client.get(f"/console/console/{model}/")
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/console/login/")
    client.force_login(User.objects.create_user("somebody"))
    assert client.get("/console/console/salerow/").status_code == 302


def test_nothing_can_be_written(staff: Client, till: Till) -> None:
    busy(till)
    key = SaleRow.objects.order_by("seq")[0].pk.replace("/", "_2F")
    for address in ("add/", f"{key}/delete/"):
        assert staff.get(f"/console/console/salerow/{address}").status_code == 403
    assert staff.post(f"/console/console/salerow/{key}/change/", {"sale_id": "x"}).status_code == 403


def test_bytes_that_are_no_text_are_shown_as_escapes(staff: Client, till: Till) -> None:
    busy(till)
    key = QuarantineRow.objects.get().pk.replace("/", "_2F")
    assert "\\xff" in page(staff, f"/console/console/quarantinerow/{key}/change/", "en")


def test_an_alarm_belongs_to_its_epoch(till: Till) -> None:
    busy(till)
    till.journal = Journal("12-1")
    till.journal.append(replace(sale()))
    till.put(1, 1)
    till.hello(0)
    assert list(AlarmRow.objects.order_by("epoch").values_list("epoch", "seq")) == [(1, 2), (2, 0)]


@pytest.mark.parametrize(("value", "english"), [(0, "0"), (-1234567, "-1,234,567"), (999, "999")])
def test_numbers(value: int, english: str) -> None:
    from django.utils.translation import override

    with override("en"):
        assert shown.number(value) == f'<bdi dir="ltr">{english}</bdi>'
    with override("fa"):
        assert shown.number(-1234) == '<bdi dir="ltr">-۱٬۲۳۴</bdi>'
        assert shown.date("") == '<bdi dir="ltr">–</bdi>'
        # 30 Esfand 1403, the last day of a leap year
        assert shown.date("2025-03-20") == '<bdi dir="ltr">۱۴۰۳/۱۲/۳۰</bdi>'
