"""Cascading randomisation: networks that have forgotten what their top layers learnt.

A map that explains a network must change with what the network has learnt; one
that doesn't shows the picture, not the network.

Source: Adebayo et al. 2018, arXiv:1810.03292, section 3.1, cascading randomisation.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import keras

from cifake_core.basics.registry import lookup
from cifake_core.networks import store
from cifake_core.networks.registry import NETWORKS
from cifake_core.networks.runtimes.compiled import CompiledNetwork


class Cascade:
    """Cascade of one trained network, randomised layer by layer from the top.

    `layers` are the names of its convolutions and dense layers on the way to the
    logit, the top one first. A batch normalisation belongs to the one below it.
    """

    def __init__(self, folder: Path, *, seed: int) -> None:
        """Load the network in `folder`; `seed` draws what replaces its weights.

        Raises:
            ModelUnavailableError: If its weights are not those of its card.
        """
        card = store.load_card(folder)
        self._name, self._sha256 = card.name, card.model_sha256
        self._spec = lookup(NETWORKS, self._name, kind="network")
        self._seed = seed
        self._model = store.load_model(folder)
        self.layers = tuple(group[-1] for group in _groups(self._model))

    def network(self, count: int) -> CompiledNetwork:
        """Return the network with its top `count` layers as before any training.

        Two such networks share the new weights of the layers that both have lost.

        Args:
            count: 0 to `len(layers)`.
        """
        return CompiledNetwork(
            self._name,
            randomize(self._model, count=count, seed=self._seed),
            spec=self._spec,
            sha256=sha256(f"{self._sha256} {self._seed} {count}".encode()).hexdigest(),
        )


def randomize(model: keras.Model, *, count: int, seed: int) -> keras.Model:
    """Return a copy of `model` whose top `count` layers are drawn anew.

    Each weight is drawn as it was before the training: kernels by the layer's own
    initializer, biases 0, batch normalisations without effect.
    """
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(model)
    drawn = {name for group in list(_groups(model))[:count] for name in group}
    for layer in model.layers:
        if layer.name not in drawn:
            copy.get_layer(layer.name).set_weights(layer.get_weights())
    return copy


def _groups(model: keras.Model) -> Iterator[tuple[str, ...]]:
    """Yield the weighted layers that are drawn together, from the top.

    The last of each is the one with a kernel, after the normalisations above it.
    """
    way = keras.Model(model.input, model.get_layer("logit").output)
    group: tuple[str, ...] = ()
    for layer in reversed(way.layers):
        if not layer.weights:
            continue
        group = (*group, layer.name)
        if hasattr(layer, "kernel"):
            yield group
            group = ()
