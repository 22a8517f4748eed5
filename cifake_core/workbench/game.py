"""*Beat the model* on the workbench: the pictures of rounds over generators."""

from pathlib import Path

from cifake_core.evaluation import generator_game
from cifake_core.evaluation.generator_game import GeneratorSet
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.dataset import DatasetBench
from cifake_core.workbench.evaluation import EvaluationBench
from cifake_core.workbench.generators import GeneratorsBench


class GameBench:
    """What is played with where there are several generators.

    Args:
        pool: the trained networks.
        answers: where answers are kept.
        evaluation: the networks' scores on the test set.
        dataset: its pictures.
        generators: theirs.
    """

    def __init__(
        self,
        pool: NetworkPool,
        answers: AnswerCache,
        evaluation: EvaluationBench,
        dataset: DatasetBench,
        generators: GeneratorsBench,
    ) -> None:
        self._pool = pool
        self._answers = answers
        self._evaluation = evaluation
        self._dataset = dataset
        self._generators = generators

    def generator_set(self, path: Path) -> GeneratorSet:
        """Photographs and fakes of the data set at `path`, and those of our own.

        The networks are asked about the shipped pictures of our generators, which
        takes a second.

        Raises:
            CifakeError: If scores, galleries, networks or pictures cannot be used.
        """
        names = store.available(self._pool.models)
        galleries = {
            name: self._generators.gallery(name)
            for name, each in GENERATORS.items()
            if each.kind == "noise"
        }
        fakes = {name: each.images for name, each in galleries.items()}
        drawn_by = tuple(each.generator_sha256 for each in galleries.values())
        hashes = tuple(map(self._evaluation.revision, names))

        def find(_: object) -> GeneratorSet:
            networks = {name: self._pool.network(name) for name in names}
            return generator_game.mix(
                {name: self._evaluation.scores(name) for name in names},
                self._dataset.test_split(path).images,
                fakes,
                {
                    name: {maker: network.logits(each) for maker, each in fakes.items()}
                    for name, network in networks.items()
                },
                maker=CIFAKE_GENERATOR,
            )

        return self._answers.answer(
            ("generator set", path, names, hashes, drawn_by), find
        )
