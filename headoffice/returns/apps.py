"""What happens when Django starts."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Whose turn it is at a sale whose goods come back."""

    name = "headoffice.returns"

    def ready(self) -> None:
        """End a turn once its return is posted."""
        from headoffice.projector import hooks
        from headoffice.returns.turns import end

        hooks.AFTER_POSTING.append(end)
