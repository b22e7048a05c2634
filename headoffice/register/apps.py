"""What happens when Django starts."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Members, cards, goods, staff, rule packs."""

    name = "headoffice.register"

    def ready(self) -> None:
        """Let each posted entry about a member or a card change the register, and each sale to a family count in its day."""
        from headoffice.projector import hooks
        from headoffice.register import enrolments, new_holders, tellings
        from headoffice.register.deeds import post
        from headoffice.register.families import note

        hooks.BEFORE_POSTING.extend((enrolments.post, new_holders.post, tellings.post))
        hooks.AFTER_POSTING.extend((post, note))
