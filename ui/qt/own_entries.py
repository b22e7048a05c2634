"""What the window itself can do, beside its tools: the keys and the menu's entries of the counter as such."""

from functools import partial
from typing import TYPE_CHECKING, Any

from station.people import Role
from ui.presenters.drawer_key import REASONS
from ui.presenters.look_words import MOTION_NAMES, SIZE_NAMES, THEME_NAMES, UNIT_NAMES
from ui.qt.scaling import fitting
from ui.qt.tool import Entry, Section
from ui.text import mark

if TYPE_CHECKING:
    from ui.qt.window import Window


def own_entries(window: "Window") -> tuple[Entry, ...]:
    """Return the entries of ``window``."""
    return (*_of_sale(window), *_of_members(window), *_of_manager(window), *_of_station(window))


def nothing() -> None:
    """Do nothing: the entries below are offered instead."""


def _of_sale(window: "Window") -> tuple[Entry, ...]:
    at, checkout, sale = window.at_counter, window.checkout, Section.SALE
    drawer = tuple(Entry(each, partial(window.open_drawer, each), Section.SHIFT) for each in REASONS)
    return (
        Entry(mark("Pay"), at(checkout.begin_pay), sale, "F12", in_menu=False),
        Entry(mark("Undo"), at(checkout.undo), sale, "F8", on_bar=True),
        Entry(mark("Last receipt"), window.services.reprint, sale, "Shift+F9"),
        *((Entry(mark("Open the drawer"), nothing, Section.SHIFT, sub=drawer),) if window.services.drawer else ()),
        Entry(mark("Drop this basket"), at(checkout.abandon), sale, ready=window.page.pay.isEnabled))


def _of_members(window: "Window") -> tuple[Entry, ...]:
    at, members, has_member = window.at_counter, window.member_desk, window.has_member
    return (
        Entry(mark("Find member"), at(window.find_dialog.start), Section.MEMBER, "F2", on_bar=True),
        *((Entry(mark("Without the card"), at(members.prove), Section.MEMBER, "Shift+F2"),
           Entry(mark("Cards of the member"), at(members.show_cards), Section.MEMBER, "Shift+F3", ready=has_member)) if members else ()),
        *((Entry(mark("Give a card to this member"), window.give_card, Section.MEMBER, ready=has_member),)
          if window.services.give_card else ()),
        *((Entry(mark("Phone as a card"), window.show_phone_link, Section.MEMBER, ready=has_member),)
          if window.phone_dialog else ()))


def _of_manager(window: "Window") -> tuple[Entry, ...]:
    pages = window.back_office
    return (
        Entry(mark("Today's member sales"), window.open_today, Section.MANAGER, needs=Role.SENIOR),
        *((Entry(mark("Sales of a period"), pages.open_period, Section.MANAGER, needs=Role.MANAGER),)
          if pages.rooms.period else ()))


def _of_station(window: "Window") -> tuple[Entry, ...]:
    station, pages = Section.STATION, window.back_office
    return (
        *((Entry(mark("Lock the till"), window.lock, station, "Shift+Esc"),) if window.gate else ()),
        Entry(mark("Send now"), window.services.send_now, station),
        *((Entry(mark("Readers, printer, connection"), pages.open_diagnostics, station),)
          if pages.rooms.diagnostics else ()),
        Entry("فارسی / English", window.switch_language, station),
        Entry(mark("Colours, size, unit"), nothing, station, sub=_looks(window)),
        Entry(mark("Full screen"), window.switch_full_screen, station, "F11", locked=True),
        Entry(mark("Help"), window.show_help, station, "F1", on_bar=True, locked=True),
        Entry(mark("Menu"), window.open_menu, station, "F10", on_bar=True, in_menu=False),
        Entry(mark("One step back"), window.step_back, station, "Esc", in_menu=False))


def _looks(window: "Window") -> tuple[Entry, ...]:
    """Return the ways the counter can look; a size for which the screen is too small cannot be chosen."""
    def way(part: str, value: Any, meaning: str) -> Entry:
        return Entry(
            meaning, partial(window.switch_look, **{part: value}), Section.STATION,
            ready=lambda: part != "size" or fitting(value, window.screen()) == value,
            is_on=lambda: getattr(window.look, part) == value)

    ways: dict[str, dict[Any, str]] = {
        "theme": THEME_NAMES, "size": SIZE_NAMES, "unit": UNIT_NAMES, "motion": MOTION_NAMES}
    return tuple(way(part, value, meaning) for part, names in ways.items() for value, meaning in names.items())
