"""What happens when Django starts."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Members who prove to be there by a PIN or a one-time code."""

    name = "headoffice.claims"

    def ready(self) -> None:
        """Look after each posted sale whether what it says was proven, and for it alone."""
        from headoffice.claims.audit import review
        from headoffice.projector import hooks

        hooks.AFTER_POSTING.append(review)
