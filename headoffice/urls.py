"""Addresses: the protocol of ``sync.wire``, the console, the language switch."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from headoffice.api import feeds, health, journal, trust
from sync import wire, wire_feeds, wire_trust

handler400 = "headoffice.api.answers.bad_request"
handler404 = "headoffice.api.answers.not_found"
handler500 = "headoffice.api.answers.server_error"


def _exactly(address: str) -> str:
    return address.removeprefix("/")


urlpatterns: list[URLPattern | URLResolver] = [
    path(_exactly(wire_trust.PAIR_PATH), trust.pair),
    path(_exactly(wire.HELLO_PATH), journal.hello),
    path(_exactly(wire.JOURNAL_PATH), journal.journal),
    path(_exactly(wire_feeds.MEMBERS_FEED_PATH), feeds.members_feed),
    path(_exactly(wire_feeds.SHELF_FEED_PATH), feeds.shelf_feed),
    path(_exactly(wire_feeds.PACK_PATH), feeds.pack),
    path(_exactly(wire_feeds.BOOK_PATH), feeds.book),
    path(_exactly(wire_feeds.CHUNK_PATH), feeds.book_chunk),
    path("healthz", health.health),
    path("i18n/", include("django.conf.urls.i18n")),
    path("console/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
