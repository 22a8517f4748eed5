"""What every training has in common: players, averages, randomness, drawing batches."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import keras
from keras import ops

from cifake_core.generators.catalogue import Settings
from cifake_core.generators.differentiation import Metrics, Tensor, gradients

#: The learning rate rises over this share of the training.
_WARMUP = 0.02


class Player:
    """Networks that one optimizer moves, and the average of their weights.

    The average is what is shipped: it forgets a step by the factor `average`.
    """

    def __init__(  # noqa: PLR0913 - an optimizer's settings, all by keyword
        self,
        networks: Sequence[keras.Model],
        *,
        rate: float,
        betas: tuple[float, float] = (0.9, 0.99),
        decay: float = 0.0,
        average: float = 0.999,
        annealed: bool = False,
    ) -> None:
        self.rate, self.average, self.annealed = rate, average, annealed
        self.variables = [v for each in networks for v in each.trainable_variables]
        self.optimizer = keras.optimizers.AdamW(
            rate,
            beta_1=betas[0],
            beta_2=betas[1],
            weight_decay=decay,
            global_clipnorm=10.0,
        )
        self.optimizer.build(self.variables)
        self.weights = [weight for each in networks for weight in each.weights]
        self.averages = [
            keras.Variable(each.value, trainable=False, dtype=each.dtype)
            for each in self.weights
        ]

    @property
    def state(self) -> list[keras.Variable]:
        """All variables, in an order that does not change."""
        return [*self.weights, *self.optimizer.variables, *self.averages]

    def apply(self, found: Sequence[Tensor], progress: Tensor) -> None:
        """Move along gradients at the rate that is due, and average the weights."""
        rise = ops.minimum(progress / _WARMUP, 1.0)
        fall = ops.minimum(2 * (1 - progress), 1.0)
        if self.annealed:
            fall = 0.5 * (1 + ops.cos(progress * 3.14159265))
        self.optimizer.learning_rate.assign(self.rate * rise * ops.maximum(fall, 0.01))
        self.optimizer.apply(list(found))
        done = ops.cast(self.optimizer.iterations, "float32")
        kept = ops.minimum(self.average, (1 + done) / (10 + done))
        for average, weight in zip(self.averages, self.weights, strict=True):
            average.assign(average.value * kept + weight.value * (1 - kept))


class System(ABC):
    """Networks in training: `step` moves them, `shipped` is what remains of them."""

    players: dict[str, Player]

    def __init__(self, networks: dict[str, keras.Model], settings: Settings) -> None:
        self.shipped = networks
        self.batch = settings.batch
        self.randomness = keras.random.SeedGenerator(settings.seed)

    @abstractmethod
    def step(self, images: Tensor, classes: Tensor, progress: Tensor) -> Metrics:
        """One training step.

        Args:
            images: (M, 32, 32, 3) uint8, all photographs.
            classes: (M,) int32, their object classes.
            progress: the share of the training that is done, 0 to 1.
        """

    @property
    def state(self) -> list[keras.Variable]:
        """All variables that a training step reads or changes."""
        found = [self.randomness.state]
        for player in self.players.values():
            found += player.state
        return found

    def draw(self, images: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
        """A batch of photographs, -1 to 1, each mirrored at random, and its classes."""
        shape = (self.batch,)
        chosen = keras.random.randint(shape, 0, images.shape[0], seed=self.randomness)
        batch = ops.cast(ops.take(images, chosen, axis=0), "float32") / 127.5 - 1
        mirrored = (
            keras.random.uniform((self.batch, 1, 1, 1), seed=self.randomness) < 0.5
        )
        batch = ops.where(mirrored, ops.flip(batch, 2), batch)
        return batch, ops.take(classes, chosen, axis=0)

    def move(
        self,
        player: str,
        loss: Callable[[], tuple[Tensor, Metrics]],
        progress: Tensor,
    ) -> Metrics:
        """Move one player down the gradient of its loss; return the loss's metrics."""
        moved = self.players[player]
        found, metrics = gradients(loss, moved.variables, state=self.state)
        moved.apply(found, progress)
        return metrics

    def adopt_averages(self) -> None:
        """Put the averaged weights in the place of the last ones."""
        for player in self.players.values():
            for weight, average in zip(player.weights, player.averages, strict=True):
                weight.assign(average.value)
