"""Address of the game: which round the page opens."""

from typing import Final

from cifake_core.basics.seeds import MAX_SEED
from cifake_core.evaluation.game import Round, num_rounds
from cifake_core.evaluation.scores import Scores
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault, whole
from cifake_core.ui.services import visit

PAGE: Final = "beat_the_model"


#: Under which name the player stands beside the networks.
PLAYER: Final = "You"


def current(scores: Scores) -> tuple[Round, tuple[str, ...]]:
    """Round that the address opens, and a sentence for each fault in it."""
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
    found = Round(game=values["game"], number=values["round"])
    return visit.played().get((found.game, found.number), found), tuple(faults)


def go(game: int, number: int) -> None:
    """Open another round."""
    views.put(PAGE, game=str(game), round=str(number))
