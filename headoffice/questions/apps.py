"""What happens when Django starts."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """What members ask, complain of and propose, and what they are answered."""

    name = "headoffice.questions"

    def ready(self) -> None:
        """Take each posted MEMBER_ASKED entry up."""
        from headoffice.projector import hooks
        from headoffice.questions.matters import post

        hooks.AFTER_POSTING.append(post)
