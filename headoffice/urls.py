"""Addresses: the protocol of ``sync.wire``, the console, the language switch."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from headoffice.api import views
from sync import wire

handler400 = "headoffice.api.answers.bad_request"
handler404 = "headoffice.api.answers.not_found"
handler500 = "headoffice.api.answers.server_error"


def _exactly(address: str) -> str:
    return address.removeprefix("/")


urlpatterns: list[URLPattern | URLResolver] = [
    path(_exactly(wire.PAIR_PATH), views.pair),
    path(_exactly(wire.HELLO_PATH), views.hello),
    path(_exactly(wire.JOURNAL_PATH), views.journal),
    path(_exactly(wire.MEMBERS_FEED_PATH), views.members_feed),
    path(_exactly(wire.SHELF_FEED_PATH), views.shelf_feed),
    path(_exactly(wire.PACK_PATH), views.pack),
    path(_exactly(wire.BOOK_PATH), views.book),
    path(_exactly(wire.CHUNK_PATH), views.book_chunk),
    path("healthz", views.health),
    path("i18n/", include("django.conf.urls.i18n")),
    path("console/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
