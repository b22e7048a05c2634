"""The console's page of a member: the groups, the birthday in its calendar, the purchases."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from headoffice import demo
from headoffice.register.models import Member
from tests.headoffice.shop import Till, member, sale

WHO = demo.member_id(0)


@pytest.fixture
def staff(office: Path) -> Client:
    """A browser of somebody at head office."""
    assert office.exists()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.create_user("mina", is_staff=True))
    return client


def page(client: Client, language: str) -> str:
    client.cookies["django_language"] = language
    response = client.get(f"/console/console/memberrow/{WHO}/change/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_birthday_is_shown_in_the_calendar_it_is_kept_in(staff: Client) -> None:
    Member.objects.filter(id=WHO).update(birth_calendar="JALALI", birth_month=12, birth_day=30)
    assert '<bdi dir="ltr">12/30</bdi> (Jalali)' in page(staff, "en")
    assert '<bdi dir="ltr">۱۲/۳۰</bdi> (هجری شمسی)' in page(staff, "fa")
    Member.objects.filter(id=WHO).update(birth_calendar="GREGORIAN", birth_month=2, birth_day=9)
    assert '<bdi dir="ltr">02/09</bdi> (Gregorian)' in page(staff, "en")
    assert '<bdi dir="ltr">۰۲/۰۹</bdi> (میلادی)' in page(staff, "fa")
    Member.objects.filter(id=WHO).update(birth_calendar="", birth_month=0, birth_day=0)
    assert "Jalali" not in page(staff, "en")
    assert "Gregorian" not in page(staff, "en")


def test_the_groups_are_shown(staff: Client) -> None:
    Member.objects.filter(id=WHO).update(segments=["staff", "student"])
    assert '<bdi dir="ltr">staff, student</bdi>' in page(staff, "en")


def test_the_list_shows_how_often_a_member_bought_and_no_birthday(staff: Client, till: Till) -> None:
    Member.objects.exclude(id=WHO).update(gone=True)
    Member.objects.filter(id=WHO).update(birth_calendar="JALALI", birth_month=12, birth_day=30)
    for _ in range(3):
        till.journal.append(sale(member(0)))
    till.put(1, 4)
    staff.cookies["django_language"] = "en"
    listed = staff.get("/console/console/memberrow/").content.decode()
    assert '<bdi dir="ltr">3</bdi>' in listed
    assert "12/30" not in listed
