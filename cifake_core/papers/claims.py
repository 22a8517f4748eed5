"""Claims of earlier work about itself, with their sources.

Every figure here is copied from a paper, a slide or a notebook. None was measured
by this product; what was, stands on the cards of `networks.PAPERS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

#: What a claim says it was measured on.
Ground: TypeAlias = Literal["test", "validation", "not CIFAKE"]


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """One earlier system: who made it, where it is described, what else it offers.

    `note` is a sentence on what to know before its figures are compared, empty
    where there is nothing.
    """

    title: str
    source: str
    extras: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What one system says of one network.

    `system` is a key of `SYSTEMS`, `network` a name of `networks.PAPERS`, or None
    if nothing can be trained. Figures are in percent, REAL being positive, and
    None where none is given; `at_least` marks an accuracy that is a lower bound.
    `confusion` is laid out as in `results.EvalReport`. `differs` says what
    our reproduction does otherwise, and why; it is empty without a network.
    """

    system: str
    name: str
    network: str | None = None
    ground: Ground = "test"
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    at_least: bool = False
    confusion: tuple[tuple[int, int], tuple[int, int]] | None = None
    differs: str = ""
    note: str = ""

    @property
    def about_cifake(self) -> bool:
        """Whether the figures are about CIFAKE at all."""
        return self.ground != "not CIFAKE"


#: In the order in which they built on each other.
SYSTEMS: Final[Mapping[str, System]] = {
    "B": System(
        title="Bird & Lotfi",
        source="J. J. Bird and A. Lotfi, IEEE Access 12, 2024, arXiv:2303.14126",
        extras=("the data set CIFAKE", "a search over 36 networks", "Grad-CAM"),
    ),
    "P": System(
        title="Pavani et al.",
        source="K. Pavani et al., International Journal of Engineering Research and "
        "Science & Technology",
        extras=(
            "web upload",
            "Grad-CAM",
            "a table and a graph of figures",
            "a login for administrators",
        ),
        note="Its abstract says that the modified network is without dropout and "
        "global average pooling; its text says with.",
    ),
    "D": System(
        title="Deep Vision",
        source="Sai Teja et al., Deep Vision",
        extras=("Grad-CAM", "confusion matrices", "ROC curves"),
        note="Its network is the one of Pavani et al., and so are its figures.",
    ),
    "S": System(
        title="Pallavi et al.",
        source="Pallavi et al., detection with Flask and YOLOv8",
        extras=(
            "login and registration",
            "a history with confidence and time",
            "the objects in the picture, by YOLOv8",
            "Grad-CAM",
        ),
        note="It claims 2 to 10 ms a picture, while its own log shows 135 to 196 ms.",
    ),
    "T": System(
        title="Tulasi et al.",
        source="Tulasi et al., detection with Django and MySQL",
        extras=(
            "logins for administrators and users, registration",
            "a sentence that explains the verdict, with its confidence",
            "training again on new kinds of fakes",
        ),
    ),
    "H": System(
        title="Hosen et al.",
        source="M. H. Hosen et al., BECITHCON, 2025",
        extras=(
            "six filters",
            "augmentation",
            "Grad-CAM",
            "LIME",
            "a trial of SHAP",
            "ROC curves and confusion matrices",
        ),
        note="It describes six filters and augmentation, but its notebooks train on "
        "the colour pictures alone, unchanged.",
    ),
}

_NOT_STATED: Final = (
    "The paper leaves layers and training open; ours are on the network's card."
)
_OTHER_DATA: Final = "Quoted by Hosen et al. for comparison; measured on other data."

CLAIMS: Final[tuple[Claim, ...]] = (
    Claim(
        system="B",
        name="Best of 36 CNNs",
        network="bird_lotfi",
        accuracy=92.98,
        differs=_NOT_STATED,
    ),
    Claim(
        system="P",
        name="CNN2D",
        network="pavani",
        accuracy=94.98,
        precision=95.02,
        recall=94.98,
        f1=94.98,
        differs=_NOT_STATED,
    ),
    Claim(
        system="P",
        name="Modified CNN2D",
        network="pavani_modified",
        accuracy=95.94,
        precision=95.99,
        recall=95.94,
        f1=95.94,
        differs="We follow the paper's text, with dropout and a global average; its "
        "abstract says without.",
    ),
    Claim(
        system="D",
        name="CNN2D, 32 neurons",
        network="pavani",
        accuracy=94.985,
        differs=_NOT_STATED,
        note="The same network as the CNN2D of Pavani et al.: one network, two claims.",
    ),
    Claim(
        system="D",
        name="CNN2D, 32 neurons, second figure",
        network="pavani_modified",
        accuracy=95.945,
        differs="Deep Vision does not say which network this is; the figure is that "
        "of Pavani's Modified CNN2D.",
    ),
    Claim(
        system="D",
        name="CNN2D, 64 neurons",
        network="deep_vision_64",
        differs=_NOT_STATED,
        note="No figure is given; 32 neurons are said to be best.",
    ),
    Claim(
        system="D",
        name="CNN2D, 128 neurons",
        network="deep_vision_128",
        differs=_NOT_STATED,
        note="No figure is given; 32 neurons are said to be best.",
    ),
    Claim(
        system="D",
        name="CNN2D, 4096 neurons",
        network="deep_vision_4096",
        differs=_NOT_STATED,
        note="No figure is given; 32 neurons are said to be best.",
    ),
    Claim(
        system="S",
        name="CNN at 128x128",
        network="pallavi",
        ground="validation",
        accuracy=92.0,
        at_least=True,
        differs="The paper gives no widths; ours are on the network's card. Enlarging "
        "to 128x128 adds no information, only work.",
        note="Validation accuracy by epoch 15, not test accuracy.",
    ),
    Claim(
        system="T",
        name="CNN",
        network="tulasi",
        accuracy=87.14,
        precision=92.40,
        recall=81.17,
        f1=86.42,
        differs="The slide gives the layers, but not how they were trained.",
    ),
    Claim(
        system="H",
        name="CNN",
        network="hosen_cnn",
        accuracy=95.69,
        precision=93.67,
        recall=98.00,
        f1=95.79,
        differs="Its dropout stands before batch normalisation, whose statistics do "
        "not fit once dropout is off (Li et al. 2019, arXiv:1801.05134): it leans to "
        "REAL, far less if dropout is left on, and its ROC area is better than its "
        "accuracy lets one think. At so low a rate that mends slowly, and its epochs "
        "here are too few. 512 dense units, not the 256 described, as only "
        "they give the stated 4,985,377 parameters. The six filters are unused, as in "
        "the notebook.",
    ),
    Claim(
        system="H",
        name="3D-CNN",
        network="hosen_cnn3d",
        accuracy=96.62,
        precision=95.97,
        recall=97.33,
        f1=96.64,
        confusion=((9591, 409), (267, 9733)),
        differs="Trained for a few epochs only. As in the notebook it sees no filter: "
        "its depth is the picture's height, and after the first pool two thirds of "
        "each kernel meet nothing but padding.",
    ),
    Claim(
        system="H",
        name="Epstein et al.",
        ground="not CIFAKE",
        accuracy=99.2,
        note=_OTHER_DATA,
    ),
    Claim(
        system="H",
        name="Baraheem et al.",
        ground="not CIFAKE",
        accuracy=100.0,
        note=_OTHER_DATA,
    ),
    Claim(
        system="H",
        name="Saskoro et al.",
        ground="not CIFAKE",
        accuracy=96.0,
        note=_OTHER_DATA,
    ),
)
