"""Generators on the workbench: their cards and pictures, and what networks find."""

from pathlib import Path

from cifake_core.basics.files import file_sha256
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.evaluation import generator_scores, leave_one_out
from cifake_core.evaluation.fakes import FakesReport, report_fakes
from cifake_core.generators import gallery as galleries
from cifake_core.generators import service
from cifake_core.generators.catalogue import GENERATORS, generator
from cifake_core.generators.gallery import Gallery, Passed
from cifake_core.networks import NETWORKS, store
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.evaluation import EvaluationBench


class GeneratorsBench:
    """What is known of the generators of our own, and of CIFAKE's.

    Args:
        models: the folder of trained networks, with one of generators.
        answers: where answers are kept.
        evaluation: the networks' scores on the test set.
    """

    def __init__(
        self, models: Path, answers: AnswerCache, evaluation: EvaluationBench
    ) -> None:
        self._models = models
        self._folder = models / service.FOLDER
        self._answers = answers
        self._evaluation = evaluation

    def listing(self) -> tuple[service.Listed, ...]:
        """Each generator with the card of its weights; small files, read each time.

        Raises:
            ModelUnavailableError: If a card is damaged.
        """
        return service.listing(self._folder)

    def gallery(self, name: str) -> Gallery:
        """Shipped pictures of a generator, and the spectrum of many.

        Raises:
            UnknownNameError: If there is no such generator.
            ModelUnavailableError: If they are missing, damaged or of other weights.
        """
        return self._answers.answer(
            ("gallery", name, *self._files(name)),
            lambda _: galleries.read(name, self._folder),
        )

    def passed(
        self, name: str, path: Path, *, progress: ProgressCallback = tell_nobody
    ) -> Passed:
        """Photographs of the data set at `path`, passed through a generator.

        Raises:
            CifakeError: As `generators.service.draw` does.
        """
        return self._answers.answer(
            ("passed", name, path, *self._files(name)),
            lambda tell: galleries.passed(
                name, models=self._folder, data=path, progress=tell
            ),
            progress=progress,
        )

    def found(self, network: str) -> FakesReport:
        """What a network finds of each generator's test pictures, CIFAKE's first.

        Raises:
            ModelUnavailableError: If scores are missing, damaged or of other weights.
        """

        def find(_: object) -> FakesReport:
            own = generator_scores.read(network, self._models).test
            scores = self._evaluation.scores(network)
            fake, real = (
                scores.logits[scores.labels == LABELS.index(label)]
                for label in ("FAKE", "REAL")
            )
            return report_fakes(real, {CIFAKE_GENERATOR: fake, **own})

        members = NETWORKS[network].members or (network,)
        paths = [self._models / name / store.GENERATORS_FILE for name in members]
        hashes = (_sha256(path) for path in paths)
        return self._answers.answer(
            ("found", network, self._evaluation.revision(network), *hashes), find
        )

    def study(self) -> leave_one_out.StudyCard:
        """Study of what is found of a family that was never met.

        Raises:
            ModelUnavailableError: If it is missing, damaged or of other weights.
        """
        cards = {each.name: each.card for each in self.listing()}
        in_use = {
            name: card.weights_sha256
            for name, card in cards.items()
            if card is not None and generator(name).settings
        }
        return leave_one_out.read(in_use, self._folder)

    def _files(self, name: str) -> tuple[str, ...]:
        """Hashes of a generator's gallery and of the card of its weights."""
        known = generator(name)
        card = (name if known.settings else str(known.needs), "card.json")
        paths = [(name, galleries.GALLERY_FILE), card]
        return tuple(_sha256(self._folder.joinpath(*parts)) for parts in paths)


def titles() -> dict[str, str]:
    """Titles of all generators by name, family by family, CIFAKE's among them."""
    families = dict.fromkeys(each.family for each in GENERATORS.values())
    return {
        name: title
        for family in families
        for name, title in (
            *([(CIFAKE_GENERATOR,) * 2] if family == "diffusion" else []),
            *((n, g.title) for n, g in GENERATORS.items() if g.family == family),
        )
    }


def _sha256(path: Path) -> str:
    """Hash of a file; empty if there is none."""
    return file_sha256(path) if path.is_file() else ""
