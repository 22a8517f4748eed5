"""The study of generators never met: real small networks, and their table by hand."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics import places
from cifake_core.evaluation.leave_one_out import StudyCard
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import store
from cifake_core.training.recipes import RECIPES, TrainConfig, short
from tests.training.small_run import NETWORKS, Interrupted, interrupt

pytestmark = pytest.mark.slow

RECIPE = TrainConfig(
    epochs=1,
    batch_size=8,
    learning_rate=0.05,
    average_every=1,
    num_generated=2,
    num_fakes=8,
)
FAMILIES = ("GAN", "diffusion", "autoencoder", "flow")


class Source:
    """A source of fakes, another noise for each generator; keeps who was learnt."""

    def __init__(self) -> None:
        self.learnt: list[str] = []

    def __call__(self, name, part, /, *, n):
        """Give up to 12 pictures."""
        if part == "training":
            self.learnt.append(name)
        seed = list(GENERATORS).index(name)
        shape = (min(n, 12), 32, 32, 3)
        return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def run(data: Path, source: Source, progress=lambda _: lambda _: None) -> StudyCard:
    """Return the study of small networks on tiny data."""
    from cifake_core.training.generator_study import Study, study

    return study(
        Study(
            network="cnn",
            config=RECIPE,
            data=data,
            fakes=source,
            generator_sha256={"flow": "f1"},
            cifake_generator="Stable Diffusion 1.4",
            networks=NETWORKS,
        ),
        progress=progress,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    """Return the cache folder of the study."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_cache(cache, monkeypatch) -> None:
    """Let the networks of the study lie there."""
    monkeypatch.setattr(places, "user_cache_path", lambda *_, **__: cache)


def test_a_study_is_gone_on_with_and_done_once(data, cache):
    """What was finished before it was stopped is not trained again, nor what is now."""
    source = Source()

    def stop_at_autoencoder(family):
        return (lambda _: interrupt()) if family == "autoencoder" else lambda _: None

    with pytest.raises(Interrupted):
        run(data, source, stop_at_autoencoder)
    finished = sorted(cache.rglob(store.CARD_FILE))
    assert [path.parent.name.split("-")[0] for path in finished] == [
        "without_GAN",
        "without_diffusion",
    ]

    source.learnt.clear()
    card = run(data, source)
    assert "autoencoder" not in {GENERATORS[n].family for n in source.learnt[:5]}
    assert len(source.learnt) == 5 + 7

    source.learnt.clear()
    again = run(data, source)
    assert source.learnt == []
    assert [row.left_out for row in card.rows] == list(FAMILIES)
    assert again.rows[0].tested["flow"].roc_auc.value == pytest.approx(
        card.rows[0].tested["flow"].roc_auc.value
    )


def test_each_row_lacks_one_family_and_knows_cifakes_own(data):
    """Whatever was learnt, every generator is tested, CIFAKE's among them."""
    card = run(data, Source())

    for row in card.rows:
        left = {
            name for name, each in GENERATORS.items() if each.family == row.left_out
        }
        assert set(row.learnt) == {"Stable Diffusion 1.4", *GENERATORS} - left
        assert set(row.tested) == {"Stable Diffusion 1.4", *GENERATORS}
    assert card.settings["num_generated"] == 2
    assert str(card.settings["precision"]).startswith("trained in")
    assert card.generator_sha256 == {"flow": "f1"}


def test_the_cells_are_what_counting_gives(data, cache):
    """Pairs put in the right order, and fakes below the limit, one by one."""
    from cifake_core.evaluation import scores
    from cifake_core.networks.inputs import network_input

    card = run(data, Source())

    folder = next(cache.rglob("without_flow-*"))
    model = store.load_model(folder)
    held = scores.read_run(folder, store.VALIDATION_FILE)
    real = held.logits[held.labels == 1]
    pictures = Source()("flow", "validation", n=12)
    logits, _ = model(network_input("rgb", pictures), training=False)
    fake = np.asarray(logits)[:, 0]
    cell = card.rows[3].tested["flow"]
    order = fake[:, None] < real[None, :]
    assert cell.n == 12
    assert card.n_real == len(real)
    assert cell.roc_auc.value == pytest.approx(order.mean(), abs=1e-6)
    # of so few photographs none may be flagged
    assert cell.recall.value == pytest.approx((fake < real.min()).mean())


def test_a_short_recipe_is_the_same_but_for_numbers():
    """Widths, corruptions and rates are those of the network in use."""
    for config in RECIPES.values():
        found = short(config)

        assert found.epochs < config.epochs
        assert found.augmentation == config.augmentation
        assert found.num_generated == 1000
