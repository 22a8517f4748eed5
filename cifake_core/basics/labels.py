"""Labels, verdicts' decisions and object classes."""

from typing import Final, Literal, TypeAlias

Label: TypeAlias = Literal["FAKE", "REAL"]

Decision: TypeAlias = Literal["FAKE", "REAL", "UNSURE"]

#: The position is the class number: FAKE = 0, REAL = 1.
LABELS: Final[tuple[Label, Label]] = ("FAKE", "REAL")

#: Likewise, for what the product says of a picture.
DECISIONS: Final[tuple[Decision, ...]] = (*LABELS, "UNSURE")

#: CIFAR-10's classes, in the order of the numbers in CIFAKE's file names.
OBJECT_CLASSES: Final = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)


def other(label: Label) -> Label:
    """The other of the two labels."""
    return LABELS[1 - LABELS.index(label)]


def sign_of(label: Label) -> int:
    """Sign that makes a logit, which is for REAL, a score of `label`: 1 or -1."""
    return 1 if label == "REAL" else -1
