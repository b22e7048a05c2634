"""What happens when Django starts."""

from django.apps import AppConfig


class SpendingConfig(AppConfig):
    """Leases, reservations, the write-off account."""

    name = "headoffice.spending"

    def ready(self) -> None:
        """Settle what each posted entry spent, and keep leased lots from expiring."""
        from headoffice.projector import hooks
        from headoffice.spending.accounts import kept_from_expiry
        from headoffice.spending.settle import settle

        hooks.AFTER_POSTING.append(settle)
        hooks.KEPT_FROM_EXPIRY.append(kept_from_expiry)
