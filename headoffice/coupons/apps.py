"""What happens when Django starts."""

from django.apps import AppConfig


class CouponsConfig(AppConfig):
    """Coupons that sales gave for a later visit: who has them, and what became of them."""

    name = "headoffice.coupons"

    def ready(self) -> None:
        """Note what each posted entry did to coupons, and take part in a rebuild."""
        from headoffice.coupons import notes
        from headoffice.projector import hooks

        hooks.AFTER_POSTING.append(notes.note)
        hooks.DROPPED.append(notes.drop)
        hooks.REBUILT.append(notes.rebuilt)
