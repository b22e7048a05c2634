"""Words shown to people that arrive as data: a name in each of the product's languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in Persian (``fa``) and in English (``en``)."""

    fa: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the wording for ``language``; Persian is the first language and the fall-back."""
        return self.en if language == "en" else self.fa
