"""Address of the game: which round the page opens."""

from typing import Final

from cifake_core.basics.seeds import MAX_SEED
from cifake_core.evaluation.game import Fakes, Round, num_rounds
from cifake_core.evaluation.scores import Scores
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault, whole
from cifake_core.ui.services import visit
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR

PAGE: Final = "beat_the_model"


#: Whose fakes there are to play with.
FAKES: Final[dict[Fakes, str]] = {
    "cifake": CIFAKE_GENERATOR,
    "generators": "Several generators",
}
#: Under which name the player stands beside the networks.
PLAYER: Final = "You"


def fakes() -> tuple[Fakes, tuple[str, ...]]:
    """Whose fakes the address asks for, and a sentence if it is a bad value."""
    text = views.query(PAGE).get("fakes", "cifake")
    for each in FAKES:
        if text == each:
            return each, ()
    expected = f"one of: {', '.join(FAKES)}"
    return "cifake", (fault("fakes", text, expected=expected),)


def current(scores: Scores, fakes: Fakes) -> tuple[Round, tuple[str, ...]]:
    """Round that the address opens, and a sentence for each fault in it.

    Args:
        scores: of any network on the pictures that are played with.
        fakes: whose fakes are among them.
    """
    query, faults = views.query(PAGE), []
    limits = {"game": (0, MAX_SEED), "round": (1, num_rounds(scores))}
    values = {"game": 1, "round": 1}
    for name, (low, high) in limits.items():
        text = query.get(name, str(values[name]))
        number = whole(text, least=low, most=high)
        if number is None:
            expected = f"a whole number from {low} to {high}"
            faults.append(fault(name, text, expected=expected))
        else:
            values[name] = number
    found = Round(game=values["game"], number=values["round"], fakes=fakes)
    key = (fakes, found.game, found.number)
    return visit.played().get(key, found), tuple(faults)


def first(fakes: Fakes) -> Round:
    """First round of the first game with such fakes."""
    return Round(game=1, number=1, fakes=fakes)


def go(opened: Round) -> None:
    """Open a round."""
    fakes = None if opened.fakes == "cifake" else opened.fakes
    views.put(PAGE, fakes=fakes, game=str(opened.game), round=str(opened.number))
