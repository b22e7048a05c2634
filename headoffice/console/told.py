"""What a member told about themselves, on the console's page of the member: as it stands, and the history of every consent."""

from collections.abc import Iterable

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from headoffice.console import format as shown
from headoffice.console.models import MemberRow
from headoffice.questions.matters import ANSWERS
from headoffice.register.models import Consent, Member, Telling
from headoffice.register.packs import current, numbered
from headoffice.register.tellings import AREA, BIRTH, EMAIL, ENROLLED, GIVEN, TASTES, WITHDRAWN

FIELDS = ("tastes_shown", "area_shown", "email_shown", "consents_shown", "telling_shown")
"""The fields of the page."""


class ToldFields:
    """The part of the page of a member that shows it."""

    @admin.display(description=_("tastes"))
    def tastes_shown(self, row: MemberRow) -> str:
        """Return the tastes, by their names in the rule pack in force."""
        return _names("taste", _member(row).tastes)

    @admin.display(description=_("area of residence"))
    def area_shown(self, row: MemberRow) -> str:
        """Return the area, by its name in the rule pack in force."""
        area = _member(row).area
        return _names("area", (area,) if area else ())

    @admin.display(description=_("e-mail"))
    def email_shown(self, row: MemberRow) -> SafeString:
        """Return the e-mail address."""
        return shown.isolated(_member(row).email or "–")

    @admin.display(description=_("may be written to"))
    def consents_shown(self, row: MemberRow) -> SafeString | str:
        """Return what was agreed to, since when, and until when where that was withdrawn."""
        consents = Consent.objects.filter(member=row.key).order_by("purpose", "channel")
        return _lines((
            consent_words(f"{each.purpose}/{each.channel}"), gettext("since"), shown.moment(each.given_us),
            *((gettext("withdrawn"), shown.moment(each.withdrawn_us)) if each.withdrawn_us is not None else ()))
            for each in consents)

    @admin.display(description=_("told at counters"))
    def telling_shown(self, row: MemberRow) -> SafeString | str:
        """Return what was told, when, where and to whom, the latest first."""
        told = Telling.objects.filter(member=row.key).order_by("-at_us", "station", "seq", "what")
        return _lines((
            shown.moment(each.at_us), what_words(each.what), value_words(each.value),
            shown.isolated(f"{each.station}/{each.seq}"), shown.isolated(each.by)) for each in told)


def what_words(what: str) -> str:
    """Return what was told (``Telling.what``), in the language of the page."""
    return {TASTES: gettext("tastes"), AREA: gettext("area of residence"), BIRTH: gettext("birthday"), EMAIL: gettext("e-mail"),
            ANSWERS: gettext("answers shown")}.get(
        what) or consent_words(what)


def consent_words(what: str) -> str:
    """Return what a consent is for and by which channel, in the language of the page."""
    purpose, channel = what.split("/")
    purposes = {"SERVICE": gettext("about the own account"), "MARKETING": gettext("new goods and offers")}
    channels = {"SMS": gettext("SMS"), "EMAIL": gettext("e-mail"), "APP": gettext("app")}
    joined: str = gettext("{purpose}, {channel}").format(purpose=purposes[purpose], channel=channels[channel])
    return joined


def value_words(value: str) -> str:
    """Return what became of a consent (``Telling.value``), in the language of the page; "" for what is none."""
    return {"": "", ENROLLED: gettext("given when enrolled"), GIVEN: gettext("given"), WITHDRAWN: gettext("withdrawn")}[value]


def _member(row: MemberRow) -> Member:
    return Member.objects.get(id=row.key)


def _names(lead: str, codes: Iterable[str]) -> str:
    pack = current()
    rules = numbered(pack.number) if pack else None
    texts, language = rules.texts if rules else {}, get_language() or "fa"
    named = ((texts.get(f"{lead}:{code}"), code) for code in codes)
    joint = "، " if language == "fa" else ", "
    return joint.join(text.in_language(language) if text else code for text, code in named) or "–"


def _lines(rows: Iterable[tuple[str, ...]]) -> SafeString | str:
    told = [(format_html_join(" ", "{}", ((part,) for part in row if part)),) for row in rows]
    return format_html_join("", "<div>{}</div>", told) or "–"
