"""Scope: what networks know, what is found of the rest, and the words for both."""

from dataclasses import replace

import pytest

from cifake_core.basics.errors import ModelUnavailableError, NotMadeError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import DECISIONS
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import store
from cifake_core.verdicts import scope
from cifake_core.verdicts.scope import (
    HEADLINES,
    SHORT_HEADLINES,
    Scope,
    known_generators,
    scope_of,
    scope_to_json,
)
from cifake_core.verdicts.scope_words import (
    CIFAKE_GENERATOR,
    described,
    knows,
    networks_know,
)
from tests.cards import put_ensemble, put_network
from tests.made_scopes import made_scope, scope_card, teach

COMMAND = "`python -m cifake_core evaluate cnn_multi --fakes FOLDER --save`"


@pytest.fixture
def models(tmp_path):
    """Return a folder with the cards of two networks and their ensemble."""
    for name in ("cnn", "cnn3d"):
        put_network(tmp_path, name, f"sha of {name}")
    put_ensemble(tmp_path)
    return tmp_path


def test_one_generator_is_the_only_one():
    """A network that learnt from CIFAKE alone says so."""
    assert knows((CIFAKE_GENERATOR,)) == "knows only Stable Diffusion 1.4"


def test_all_of_the_catalogue_in_one_sentence():
    """Our own are counted and told apart by what they are."""
    sentence, _ = made_scope(*GENERATORS).sentences

    assert sentence == (
        "It knows Stable Diffusion 1.4 and eight small generators of our own: two "
        "GANs, a diffusion model, an autoencoder, a normalising flow and three that "
        "redraw photographs."
    )


def test_a_few_of_the_catalogue():
    """One of a kind is one, and of our own there may be one alone."""
    assert knows((CIFAKE_GENERATOR, "flow")) == (
        "knows Stable Diffusion 1.4 and one small generator of our own"
    )
    assert made_scope("kl_autoencoder", "flow").sentences[0] == (
        "It knows Stable Diffusion 1.4 and two small generators of our own: a "
        "normalising flow and one that redraws photographs."
    )


def test_a_generator_that_no_catalogue_has_is_named():
    """What was taught from data sets of one's own is told by its names."""
    assert knows((CIFAKE_GENERATOR, "StyleGAN")) == (
        "knows only Stable Diffusion 1.4 and one of your own: StyleGAN"
    )
    assert knows((CIFAKE_GENERATOR, "flow", "StyleGAN", "Flux")) == (
        "knows Stable Diffusion 1.4, one small generator of our own and two of your "
        "own: StyleGAN and Flux"
    )
    assert made_scope("flow", "kl_autoencoder", "Flux").sentences[0] == (
        "It knows Stable Diffusion 1.4 and two small generators of our own: a "
        "normalising flow and one that redraws photographs; and one of your own: Flux."
    )


def test_networks_that_know_the_same_stand_together():
    """Who knows what is said once, each network by its title."""
    own = (CIFAKE_GENERATOR, "flow")

    sentence = networks_know(
        {"cnn": (CIFAKE_GENERATOR,), "cnn3d": (CIFAKE_GENERATOR,), "ensemble": own}
    )

    assert sentence == (
        "REAL from a network means no more than no trace of the generators it knows: "
        "the 2D-CNN and the 3D-CNN know only Stable Diffusion 1.4; the Ensemble knows "
        "Stable Diffusion 1.4 and one small generator of our own."
    )


def test_each_generator_is_described():
    """Who asks which are meant gets the title and what it is."""
    assert dict(described((CIFAKE_GENERATOR, "gan_resize", "Flux"))) == {
        "Stable Diffusion 1.4": "made the fakes of the data set CIFAKE",
        GENERATORS["gan_resize"].title: GENERATORS["gan_resize"].description,
        "Flux": "made the fakes of a data set of your own",
    }


def test_what_is_found_of_the_unseen_has_its_interval():
    """12 of 100 by two generators, Wilson's interval worked by hand: 7.0 to 19.8."""
    assert made_scope().sentences[1].replace("\N{NO-BREAK SPACE}", " ") == (
        "Of 100 fakes by two generators it never met, it finds 12 % (95 % interval 7 "
        "to 20 %)."
    )


def test_small_shares_have_a_decimal():
    """One in 1,541 is not nothing; many generators are a figure."""
    card = scope_card({})
    row = card.unseen["edm"]
    few = replace(
        card,
        unseen={f"generator {number}": row for number in range(14)},
        n_unseen=1541,
        unseen_recall=Estimate(value=1 / 1541, low=0.0001, high=0.0037),
    )

    sentence = Scope(known=(CIFAKE_GENERATOR,), card=few).sentences[1]

    assert sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Of 1,541 fakes by 14 generators it never met, it finds 0.1 % (95 % interval "
        "0.0 to 0.4 %)."
    )


def test_without_a_card_no_figure_is_given():
    """What was not measured is said, with the command that measures it."""
    scope = Scope(known=(CIFAKE_GENERATOR,))

    assert COMMAND in scope.sentences[1]
    assert not any(sign.isdigit() for sign in scope.sentences[1])
    assert scope_to_json(scope) == {}


def test_the_key_for_programs():
    """It has the names of what is known, and the figure with its interval."""
    card = scope_card({})

    assert scope_to_json(made_scope("flow")) == {
        "scope": {
            "known": ["Stable Diffusion 1.4", "flow"],
            "unseen_recall": 0.12,
            "unseen_recall_ci95": [card.unseen_recall.low, card.unseen_recall.high],
            "n_unseen": 100,
        }
    }


def test_no_headline_calls_a_picture_real():
    """Where nothing is found, that is all that is said."""
    assert set(HEADLINES) == set(SHORT_HEADLINES) == set(DECISIONS)
    assert HEADLINES["REAL"] == "No trace of the generators it knows"
    assert not any("REAL" in each for each in HEADLINES.values())
    assert not any("REAL" in each for each in SHORT_HEADLINES.values())


def test_a_network_knows_what_its_card_says(models):
    """CIFAKE's generator is known to all, an ensemble knows what its members do."""
    teach(models, {"cnn": (), "cnn3d": ("flow", "gan_resize")})

    assert known_generators("cnn", models) == (CIFAKE_GENERATOR,)
    assert known_generators("cnn3d", models) == (
        *(CIFAKE_GENERATOR, "flow", "gan_resize"),
    )
    assert known_generators("ensemble", models) == known_generators("cnn3d", models)


def test_a_network_knows_the_data_sets_that_it_was_taught(models):
    """Their generators come last; a name that one of ours has is told from it."""
    card = store.load_card(models / "cnn")
    sets = {
        "mine": {"digest": "d1", "generators": ["Flux", "flow"]},
        "more": {"digest": "d2", "generators": ["Flux"]},
    }
    config = {"generators": ["diffusion"], "datasets": sets}
    store.write_card(models / "cnn", replace(card, config=config))

    known = (CIFAKE_GENERATOR, "diffusion", "Flux", "flow (mine)")
    assert known_generators("cnn", models) == known
    assert known_generators("ensemble", models) == known
    assert scope_of(store.revisions(models), models).known == known


def test_a_verdict_knows_what_any_network_does(models):
    """The scope of verdicts has each generator once, CIFAKE's first."""
    teach(models, {"cnn": ("flow",), "cnn3d": (CIFAKE_GENERATOR, "diffusion", "flow")})
    hashes = store.revisions(models)
    scope.write(scope_card(hashes), models)

    found = scope_of(hashes, models)

    assert found.known == (CIFAKE_GENERATOR, "flow", "diffusion")
    assert found.card is not None


@pytest.mark.parametrize("fault", ["missing", "damaged", "of other weights", "empty"])
def test_a_card_that_cannot_be_used_measures_nothing(models, fault):
    """The list is there, no figure is."""
    hashes = store.revisions(models)
    card = scope_card(hashes)
    if fault == "of other weights":
        card = replace(card, model_sha256=hashes | {"cnn": "f" * 64})
    if fault == "empty":
        card = replace(card, n_unseen=0, unseen={})
    if fault != "missing":
        scope.write(card, models)
    if fault == "damaged":
        (models / scope.SCOPE_FILE).write_text('{"schema": 1, "known": 7}')

    found = scope_of(hashes, models)

    assert (found.known, found.card) == ((CIFAKE_GENERATOR,), None)
    assert COMMAND in found.sentences[1]


def test_the_card_comes_back_as_written(models):
    """What the file holds is what was measured; another's is refused by name."""
    hashes = store.revisions(models)
    with pytest.raises(NotMadeError, match="evaluate cnn_multi --fakes FOLDER --save"):
        scope.read(hashes, models)
    scope.write(scope_card(hashes), models)

    found = scope.read(hashes, models)

    assert (found.n_unseen, found.fakes) == (100, "generators.zip")
    assert found.unseen["dcgan"].verdicts == {"FAKE": 8, "REAL": 56, "UNSURE": 0}
    with pytest.raises(ModelUnavailableError, match="other weights of cnn"):
        scope.read(hashes | {"cnn": "f" * 64}, models)
