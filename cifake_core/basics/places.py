"""Places on disk: the checkout, the shipped models and assets, the user's cache."""

import os
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

CHECKOUT: Final = Path(__file__).resolve().parents[2]
ASSETS: Final = CHECKOUT / "assets"

#: The environment variable that names another folder of trained networks.
MODELS_VARIABLE: Final = "CIFAKE_MODELS"


def models_folder() -> Path:
    """Return the folder of trained networks: `CIFAKE_MODELS`, or the shipped one.

    Only a door asks for it (the app, the command line) and hands it to what it opens.
    """
    named = os.environ.get(MODELS_VARIABLE)
    return Path(named).expanduser() if named else CHECKOUT / "models"


def cache_folder() -> Path:
    """Return the user's folder for what can be made again, outside the checkout."""
    return user_cache_path("cifake", appauthor=False)
