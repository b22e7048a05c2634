"""Qt's own words, in the menus of fields and scroll bars, in the language of the counter."""

from PySide6.QtCore import QLibraryInfo, Qt, QTranslator
from PySide6.QtWidgets import QApplication


class OwnWords(QTranslator):
    """What Qt says in ``language``: English, which is its own, where a build of Qt brings no translation."""

    def __init__(self, language: str, application: QApplication) -> None:
        """Load it; that takes less than a millisecond."""
        super().__init__(application)
        self.spoken = language
        self.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))


def speak(application: QApplication, language: str) -> None:
    """Have Qt speak ``language``."""
    # A translation writes "Ctrl" out, which no keyboard says.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowShortcutsInContextMenus)
    held = application.findChild(OwnWords)
    if isinstance(held, OwnWords):
        if held.spoken == language:
            return
        application.removeTranslator(held)
        held.setParent(None)
    application.installTranslator(OwnWords(language, application))
