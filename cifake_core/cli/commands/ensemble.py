"""`ensemble`: the weights of an ensemble, fitted anew."""

from cifake_core.cli.terminal.output import print_json
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.evaluation.stacking import fit_ensemble
from cifake_core.networks import store


def run(name: str = "ensemble", /, *, json: Flag = False, context: FromDoor) -> None:
    """Fit the weights of an ensemble on its members' validation scores.

    Its card is written with the weights, the members' hashes and the metrics.

    Args:
        name: the ensemble.
        json: one JSON object on the last line.
        context: has the folder of networks.
    """
    folder = fit_ensemble(name, context.models)
    weights = store.ensemble_weights(name, context.models)
    path = folder / store.CARD_FILE
    if json:
        sha256 = store.revision(name, context.models)
        print_json(
            {
                "network": name,
                "weights": weights,
                "model_sha256": sha256,
                "path": str(path),
            }
        )
    else:
        parts = ", ".join(f"{each} {weight:.4f}" for each, weight in weights.items())
        print(f"{name}: weights {parts}\n{path}")
