"""`ensemble`: fit the weights of an ensemble and write its card."""

from argparse import Namespace

from cifake_core.basics.places import models_folder
from cifake_core.evaluation.stacking import fit_ensemble
from cifake_core.networks import store


def run(options: Namespace) -> int:
    """Fit the ensemble on its members' validation scores; say where its card is."""
    folder = fit_ensemble(options.network, models_folder())
    weights = store.ensemble_weights(options.network, models_folder())
    parts = ", ".join(f"{name} {weight:.4f}" for name, weight in weights.items())
    print(f"{folder / store.CARD_FILE}: weights {parts}")
    return 0
