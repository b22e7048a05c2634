"""Where a station's files are when nobody says so."""

from pathlib import Path

from platformdirs import user_data_path, user_state_path


def default_folder() -> Path:
    """Return the platform's folder for this program's data."""
    return user_data_path("card-station", appauthor=False)


def default_state() -> Path:
    """Return the platform's folder for what must not be copied together with a station's folder."""
    return user_state_path("card-station-witness", appauthor=False)
