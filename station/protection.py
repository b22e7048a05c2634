"""How well what lies on a station's disk is protected: shown to people and told to head office as it is."""

from enum import StrEnum


class Protection(StrEnum):
    """Where the key of the station's files lies, the best first.

    HARDWARE: bound to a chip of this computer. OS_ACCOUNT: in the operating system's store, opened
    by signing in. FILE: on the same disk, so it protects a copied folder at most. NONE: nothing is
    encrypted, and therefore no personal data is kept.
    """

    HARDWARE = "HARDWARE"
    OS_ACCOUNT = "OS_ACCOUNT"
    FILE = "FILE"
    NONE = "NONE"
