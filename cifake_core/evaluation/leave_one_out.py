"""Leave-one-out study: what networks find of a family of generators they never met.

Short networks learn from the fakes of all families but one, CIFAKE's always among
them. Each is tested on what was held out of every generator, met and never met.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.estimates import Estimate

#: The study in the folder of generators.
STUDY_FILE: Final = "study.json"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StudyCell:
    """What a network finds of `n` validation pictures of one generator.

    `roc_auc` is the area under the curve against REAL of CIFAKE's validation part,
    `recall` the share flagged where `StudyCard.max_flagged` of those are.
    """

    n: int
    roc_auc: Estimate
    recall: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StudyRow:
    """One network of the study: what it learnt from, and what it finds.

    `left_out` is the family it never met, or "" for none; `learnt` names the
    generators it learnt from, `tested` has a cell for each that was tested, by name.
    """

    left_out: str
    learnt: tuple[str, ...]
    tested: Mapping[str, StudyCell]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StudyCard:
    """What `generators study` found, and what it takes to find it again.

    `network` is the architecture, `settings` how each was trained and on what,
    `seconds` what that took, if it was kept. `n_real` photographs are the other side of
    every cell, of which the share `max_flagged` is flagged. `generator_sha256` names
    the weights of the generators, by name; `data_digest` the training pictures.
    """

    SCHEMA: ClassVar[int] = 1

    network: str
    settings: Mapping[str, int | float | str]
    rows: tuple[StudyRow, ...]
    n_real: int
    max_flagged: float
    generator_sha256: Mapping[str, str]
    data_digest: str
    versions: Mapping[str, str]
    seconds: float | None = None


def read(generator_sha256: Mapping[str, str], folder: Path) -> StudyCard:
    """Study of the generators in `folder`.

    Args:
        generator_sha256: the hash of each generator's weights that are in use.
        folder: of the generators.

    Raises:
        ModelUnavailableError: If the study is missing, damaged or made with other
            weights.
    """
    artefact = _artefact(folder)
    card = artefact.read(StudyCard)
    of_study = {n: h for n, h in generator_sha256.items() if n in card.generator_sha256}
    artefact.check_weights(card.generator_sha256, of_study)
    return card


def write(card: StudyCard, folder: Path) -> Path:
    """Write the study to its file in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    return _artefact(folder).write(card)


def _artefact(folder: Path) -> Artefact:
    """The study in `folder`."""
    return Artefact(
        folder / STUDY_FILE,
        what="study of generators never met",
        remedy="Make it with `python -m cifake_core generators study`.",
    )
