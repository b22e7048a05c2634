"""What happens when Django starts."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """Chips, the codes that were seen of cards, alerts."""

    name = "headoffice.cards"

    def ready(self) -> None:
        """Compare each posted code with those of its card, and take part in a rebuild."""
        from headoffice.cards import seen
        from headoffice.projector import hooks

        hooks.AFTER_POSTING.append(seen.note)
        hooks.DROPPED.append(seen.drop)
        hooks.REBUILT.append(seen.rebuilt)
