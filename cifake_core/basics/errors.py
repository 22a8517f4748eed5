"""Errors that a person can mend, each with a sentence that says how.

Every message is a sentence for a person: what was expected, what was received
and what to do. Pages and commands show it as it is.
"""


class CifakeError(Exception):
    """Something a person can cause and mend."""


class InvalidImageError(CifakeError):
    """A file or array that is not a usable picture."""


class DatasetError(CifakeError):
    """A data set that is missing, incomplete or not CIFAKE."""


class ModelUnavailableError(CifakeError):
    """Weights that are missing, corrupted or made by another version."""


class NotMadeError(ModelUnavailableError):
    """A file that a command makes, and that nobody has made yet."""


class TrainingError(CifakeError):
    """A training run that cannot start, go on or be promoted."""


class SettingError(CifakeError):
    """A setting that is not one of the values it may have."""


class UnknownNameError(CifakeError):
    """A name that stands in none of the product's tables."""
