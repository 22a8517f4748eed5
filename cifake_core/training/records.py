"""Records of training: the progress of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TrainingProgress:
    """Progress of a training run; loss and accuracies are running means.

    `seconds_left` is the estimate for the whole run. The validation figures are
    those of the last finished epoch, or None before the first.
    """

    epoch: int
    num_epochs: int
    batch: int
    num_batches: int
    loss: float
    accuracy: float
    seconds_left: float
    validation_accuracy: float | None
