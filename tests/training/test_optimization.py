"""Optimization: the rate at each step, and which weights are averaged how."""

import pytest

from cifake_core.training.recipes import TrainConfig

pytestmark = pytest.mark.slow

CONFIG = TrainConfig(
    epochs=2,
    tail=2,
    tail_rate=0.3,
    learning_rate=1.0,
    warmup=0.25,
    average_every=1,
    average_decay=0.0,
)


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.0), (1, 0.5), (2, 1.0), (5, 0.5), (7, 0.067), (8, 0.3), (99, 0.3)],
)
def test_the_rate_rises_falls_and_stays(step, rate):
    """Of 8 steps 2 warm up and 6 follow a cosine; in the tail it is constant."""
    from cifake_core.training.optimization import make_optimizer

    optimizer = make_optimizer(CONFIG, num_batches=4)
    optimizer.build([])
    optimizer.iterations.assign(step)

    assert float(optimizer.learning_rate) == pytest.approx(rate, abs=1e-3)


def test_the_tail_is_averaged_alike():
    """What was before is forgotten with the first weights of the tail."""
    import keras

    from cifake_core.training.optimization import make_keeper

    weight = keras.Variable(0.0)
    keeper = make_keeper(CONFIG, [weight], num_batches=2)
    kept, in_tail = [], []
    for value in (10, 20, 30, 40, 1, 2, 6):
        weight.assign(value)
        keeper.update(keeper.is_due(1))
        kept.append(float(keeper.kept()[0]))
        in_tail.append(keeper.in_tail)

    assert kept == pytest.approx([10, 20, 30, 40, 1, 1.5, 3])
    assert in_tail == [False] * 4 + [True] * 3
