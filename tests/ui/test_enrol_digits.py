"""The digits of the enrolment, touched: they go into the field that is typed into, whichever it is."""

from dataclasses import replace

import pytest

from station.admission import AdmissionPolicy
from tests.ui.test_enrol_dialog import Make, make
from ui.qt.labels import Field

__all__ = ["make"]


@pytest.mark.parametrize("held", ["phone", "birth", "receipt", "referrer", "name"])
def test_digits_go_into_the_field_that_is_typed_into(make: Make, held: str) -> None:
    shop = make()
    shop.packs.held = replace(shop.packs.held, admission=AdmissionPolicy(least_visits=1))
    shop.open()
    dialog = shop.dialog
    dialog.phone.setText("09121234567")
    field: Field = getattr(dialog, held)
    field.empty()
    field.setFocus()
    dialog.digits.click()
    for face in "75⌫":
        dialog.pad.keys[face].click()
    dialog.pad.hide()
    assert field.text() == "7"
    assert dialog.phone.text() == ("7" if held == "phone" else "09121234567")


def test_digits_go_into_the_phone_while_no_field_is_typed_into(make: Make) -> None:
    shop = make()
    shop.open()
    shop.dialog.enrol.setFocus()
    shop.dialog.digits.click()
    shop.dialog.pad.keys["7"].click()
    shop.dialog.pad.hide()
    assert shop.dialog.phone.text() == "7"
