"""Errors that a person can mend, each with a sentence that says how.

Every message is a sentence for a person: what was expected, what was received
and what to do. Pages and commands show it as it is.
"""


class CifakeError(Exception):
    """Something a person can cause and mend."""


class InvalidImageError(CifakeError):
    """A file or array that is not a usable picture."""


class PictureTooLargeError(InvalidImageError):
    """A file of too many bytes, or a picture of too many pixels."""


class DatasetError(CifakeError):
    """A data set that is missing, incomplete or not CIFAKE."""


class ModelUnavailableError(CifakeError):
    """Weights that are missing, corrupted or made by another version."""


class NotMadeError(ModelUnavailableError):
    """A file that a command makes, and that nobody has made yet."""


class DatabaseUnavailableError(CifakeError):
    """A database that is damaged, locked or made by a newer program."""


class HistoryError(CifakeError):
    """A record or a case that is gone, or cannot be what is asked of it."""


class GoneError(HistoryError):
    """A record or a case that is not there, or not any more."""


class VersionError(CifakeError):
    """A version of the networks that is missing, or may not be put to use."""


class TrainingError(CifakeError):
    """A training run that cannot start, go on or be promoted."""


class JobError(CifakeError):
    """Pictures, or a folder of results, with which a job cannot begin or go on."""


class SettingError(CifakeError):
    """A setting that is not one of the values it may have."""


class UnknownNameError(CifakeError):
    """A name that stands in none of the product's tables."""
