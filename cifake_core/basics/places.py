"""Places on disk: the checkout, the shipped models and assets, the user's folders."""

import getpass
import os
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

CHECKOUT: Final = Path(__file__).resolve().parents[2]
ASSETS: Final = CHECKOUT / "assets"

#: The environment variable that names another folder of trained networks.
MODELS_VARIABLE: Final = "CIFAKE_MODELS"
#: The environment variable that names another place for data sets and versions.
USER_DATA_VARIABLE: Final = "CIFAKE_USER_DATA"
#: The database in the folder of user data.
DATABASE_FILE: Final = "cifake.db"
#: The environment variable that names a database on a server instead of that file.
DATABASE_URL_VARIABLE: Final = "CIFAKE_DATABASE_URL"


def models_folder() -> Path:
    """Return the folder of trained networks: `CIFAKE_MODELS`, or the shipped one.

    Only a door asks for it (the app, the command line) and hands it to what it opens.
    """
    named = os.environ.get(MODELS_VARIABLE)
    return Path(named).expanduser() if named else CHECKOUT / "models"


def user_data_folder() -> Path:
    """Return the user's folder for what can't be made again, outside the checkout.

    `CIFAKE_USER_DATA` names another. Only a door asks for it, as for `models_folder`.
    """
    named = os.environ.get(USER_DATA_VARIABLE)
    if named:
        return Path(named).expanduser()
    return user_data_path("cifake", appauthor=False)


def database_url() -> str:
    """Return the URL of the server's database, or "" if it is the user's file."""
    return os.environ.get(DATABASE_URL_VARIABLE, "")


def database_exists(user_data: Path) -> bool:
    """True once something may have been kept: there is the file, or a server."""
    return bool(database_url()) or (user_data / DATABASE_FILE).is_file()


def cache_folder() -> Path:
    """Return the user's folder for what can be made again, outside the checkout."""
    return user_cache_path("cifake", appauthor=False)


def user_name() -> str:
    """Name of the operating system's user; only a door asks for it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return "unknown"
