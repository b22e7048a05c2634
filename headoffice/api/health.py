"""Whether head office is up."""

from django.http import HttpRequest, HttpResponse

from headoffice.api.answers import endpoint


@endpoint("GET")
def health(_request: HttpRequest) -> HttpResponse:
    """Say that head office is up."""
    return HttpResponse("ok", content_type="text/plain")
