"""Studies of attention made by hand, on whichever test pictures there are."""

import numpy as np
import numpy.typing as npt

from cifake_core.attention.pieces import NUM_KINDS
from cifake_core.attention.records import Attention
from cifake_core.basics.arrays import Floats
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split
from tests.made_records import WRONG


def attention_groups(test: Split) -> npt.NDArray[np.int8]:
    """Label, class, call and decision of the test pictures: those of `WRONG` err.

    Every sixth is UNSURE, and the others are FAKE.
    """
    numbers = np.arange(len(test.labels))
    called = np.where(np.isin(numbers, list(WRONG)), 1 - test.labels, test.labels)
    decisions = np.where(numbers % 6 == 0, 2, 0)
    columns = [test.labels, test.object_classes, called, decisions]
    return np.stack(columns, axis=1).astype(np.int8)


def attention(
    network: str, sha256: str, test: Split, *, evidence: Floats | None = None
) -> Attention:
    """A study of all test pictures, by default of small random evidence for FAKE.

    Those of even numbers have pieces of the first kind alone, the others of the last;
    the strongest evidence of picture i lies in place i.
    """
    random, count = np.random.RandomState(3), len(test.labels)
    if evidence is None:
        evidence = random.normal(0.1, 0.2, (count, 8, 8)).astype(np.float32)
    cells, which = np.unique(attention_groups(test), axis=0, return_inverse=True)
    parts = [evidence[which.ravel() == cell] for cell in range(len(cells))]
    kinds = np.where(np.arange(count) % 2, NUM_KINDS - 1, 0)
    num_pieces = np.zeros((count, NUM_KINDS), np.uint8)
    num_pieces[np.arange(count), kinds] = 30
    channels = random.normal(0, 1, (count, 6)).astype(np.float32)
    return Attention(
        network=network,
        model_sha256=sha256,
        test_sha256=names_sha256(test.members),
        seed=0,
        seconds=1.0,
        positions=np.arange(count, dtype=np.int32),
        decisions=attention_groups(test)[:, 3],
        cells=cells,
        counts=np.array([len(part) for part in parts], np.int32),
        means=np.stack([part.mean(axis=0) for part in parts]),
        spreads=np.stack([part.std(axis=0) for part in parts]),
        channels=channels if network == "cnn3d" else channels[:0],
        pushes=num_pieces * random.normal(0, 0.1, num_pieces.shape).astype(np.float32),
        num_pieces=num_pieces,
        peaks=(np.arange(count) % 64).astype(np.int16),
        focus=random.uniform(0.25, 1, count).astype(np.float32),
        on_salient=random.uniform(0.5, 3, count).astype(np.float32),
        edges=np.array([5, 15], np.float32),
    )
