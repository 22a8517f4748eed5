"""Stored answers on samples: those of the networks, only while they would give them."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.places import ASSETS, user_data_folder
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.reading import read_picture
from cifake_core.verdicts.card import POLICY_FILE
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.stability import weigh_stability
from cifake_core.workbench import Workbench
from cifake_core.workbench.examples import EXAMPLES, EXAMPLES_FILE

ASKED = "Somebody asked the networks"


def sample(file: str) -> Rgb:
    """Return the pixels of a sample."""
    return read_picture(ASSETS / "samples" / file).pixels


def refuse(folder: Path) -> object:
    """Load no network, but say that one was to be loaded."""
    msg = f"{ASKED}: {folder.name}."
    raise ModelUnavailableError(msg)


def without_networks(models: Path) -> Workbench:
    """Return a workbench that cannot ask any network."""
    pool = NetworkPool(models, load=refuse)
    return Workbench(models, user_data=user_data_folder(), networks=pool)


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the networks made by hand and what is stored of them."""
    return Path(shutil.copytree(made, tmp_path / "copied"))


@pytest.mark.parametrize("file", EXAMPLES)
def test_what_is_stored_is_what_the_networks_say(made: Path, file: str):
    """Verdict, map and stability, without a network that is loaded."""
    image, pool = sample(file), NetworkPool(made)
    bench = without_networks(made)
    told = Judge(pool).judge(image)

    verdict = bench.judge(image)
    seen = verdict.prepared
    who = told.speaker
    label = told.predictions[who].label
    found = bench.explain(seen, network=who, method="gradcam", label=label)
    asker = verdict.decided_by
    stability = bench.stability(seen, network=asker)

    assert (verdict.decision, verdict.reasons) == (told.decision, told.reasons)
    assert verdict.scope.sentences == told.scope.sentences
    assert list(verdict.predictions) == list(told.predictions)
    for name, prediction in told.predictions.items():
        assert verdict.predictions[name].logit == pytest.approx(prediction.logit)
        assert verdict.predictions[name].known == prediction.known
    asked = Workbench(made, user_data=user_data_folder(), networks=pool)
    drawn = asked.explain(seen, network=who, method="gradcam", label=label, seed=1)
    np.testing.assert_allclose(found.heatmap, drawn.heatmap, atol=1e-6)
    weighed = weigh_stability(pool.network(asker), seen)[asker]
    np.testing.assert_allclose(stability.p_real, weighed.p_real, atol=1e-6)
    np.testing.assert_array_equal(stability.pictures, weighed.pictures)


def test_another_picture_of_the_same_pixels_is_judged(made: Path):
    """An enlarged copy shrinks to the same pixels, and yet is another question."""
    enlarged = sample(EXAMPLES[0]).repeat(2, axis=0).repeat(2, axis=1)

    with pytest.raises(ModelUnavailableError, match=ASKED):
        without_networks(made).judge(enlarged)


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "gradient_input"},
        {"network": "ensemble"},
        {"seed": 1},
        {"label": "the other"},
    ],
    ids=str,
)
def test_another_map_is_computed(made: Path, asked: dict[str, object]):
    """Only the very map that is stored is handed out."""
    bench = without_networks(made)
    verdict = bench.judge(sample(EXAMPLES[0]))
    own = verdict.predictions[verdict.speaker].label
    if "label" in asked:
        asked = {"label": "FAKE" if own == "REAL" else "REAL"}
    usual = {"network": verdict.speaker, "method": "gradcam", "label": own}

    with pytest.raises(ModelUnavailableError, match=ASKED):
        bench.explain(verdict.prepared, **(usual | asked))


def test_papers_networks_are_asked(made: Path, with_paper: Path):
    """With a further network the whole verdict is asked for."""
    del made
    with pytest.raises(ModelUnavailableError, match=ASKED):
        without_networks(with_paper).judge(sample(EXAMPLES[0]), networks=["pavani"])


def test_other_weights_make_it_stale(copied: Path):
    """Once a network's card names other weights, the networks are asked."""
    card = copied / "cnn_multi" / "card.json"  # in no ensemble, whose card would fail
    bench = without_networks(copied)
    before = bench.judge(sample(EXAMPLES[0])).predictions["cnn_multi"].model_sha256

    card.write_text(card.read_text("utf-8").replace(before, before[::-1]), "utf-8")

    with pytest.raises(ModelUnavailableError, match=ASKED):
        without_networks(copied).judge(sample(EXAMPLES[0]))


def test_another_policy_makes_it_stale(copied: Path):
    """Verdicts rest on its thresholds, so one more line break is enough."""
    policy = copied / POLICY_FILE
    policy.write_text(policy.read_text("utf-8") + "\n", "utf-8")

    with pytest.raises(ModelUnavailableError, match=ASKED):
        without_networks(copied).judge(sample(EXAMPLES[0]))


@pytest.mark.parametrize("bytes_left", [0, 100, 5000])
def test_a_damaged_file_is_as_none(copied: Path, bytes_left: int):
    """The networks are asked, and nobody sees an error of NumPy."""
    path = copied / EXAMPLES_FILE
    path.write_bytes(path.read_bytes()[:bytes_left])

    with pytest.raises(ModelUnavailableError, match=ASKED):
        without_networks(copied).judge(sample(EXAMPLES[0]))


def test_it_is_made_anew_by_asking(copied: Path):
    """`make` never takes what is stored for what the networks say."""
    bench = without_networks(copied)

    with pytest.raises(ModelUnavailableError, match=ASKED):
        bench.examples.make([sample(EXAMPLES[0])])
