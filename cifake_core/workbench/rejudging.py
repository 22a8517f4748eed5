"""Judging again: a record of the history beside the verdict of today's networks."""

from dataclasses import dataclass

from cifake_core.cases.records import HistoryRecord
from cifake_core.networks import store
from cifake_core.verdicts.records import Verdict
from cifake_core.workbench.workbench import Workbench


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rejudged:
    """A record, and the verdict of today's networks on the same picture.

    `changed` names the networks whose weights are others than then, and `new_rules`
    says whether the rules for verdicts are. `from_file` is False where the file was not
    kept: then the 32x32 pixels were judged, and nothing is known of the size it had.
    """

    record: HistoryRecord
    verdict: Verdict
    changed: tuple[str, ...]
    new_rules: bool
    from_file: bool

    @property
    def same_judge(self) -> bool:
        """Whether the same networks judged by the same rules."""
        return not self.changed and not self.new_rules


def rejudge(bench: Workbench, number: int) -> Rejudged:
    """Return a record of the history with the verdict of the networks in use.

    Nothing is kept of it.

    Args:
        bench: has the networks and the history.
        number: of the record.

    Raises:
        HistoryError: If the record is gone.
        InvalidImageError: If the file that was kept is no usable picture any more.
        ModelUnavailableError: If there are no trained networks.
        DatabaseUnavailableError: If the database cannot be used.
    """
    record = bench.history.get(number)
    picture, from_file = bench.history.picture(number)
    asked = [name for name in record.predictions if name in bench.all_names()]
    return Rejudged(
        record=record,
        verdict=bench.judge(picture.pixels, networks=asked),
        changed=tuple(
            name
            for name, sha256 in store.revisions(bench.models).items()
            if record.system.weights.get(name) != sha256
        ),
        new_rules=record.system.policy_sha256 != bench.history.policy_sha256(),
        from_file=from_file,
    )
