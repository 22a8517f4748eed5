"""`evaluate --corruptions`: how a network does on corrupted test pictures."""

from pathlib import Path

from cifake_core.basics import files
from cifake_core.cli.terminal.output import share_line
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.evaluation import robustness
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.networks import store
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.corruptions import CORRUPTION_KINDS


def measure(
    network: Scorer, test: Split, train: Split, *, leak_free: bool, folder: Path | None
) -> tuple[dict[str, object], str]:
    """Return the figures for a program and for a person; keep them in `folder`."""
    with share_line("Scoring the corrupted test pictures") as progress:
        scores = robustness.measure(network, test, train, progress=progress)
    if folder is not None:
        robustness.write(scores, folder)
        sets = {"official": False, "leak_free": True}
        facts = {
            "corruptions": {
                name: robustness.report_to_json(scores.report(leak_free=marked))
                for name, marked in sets.items()
            },
            "corruption_scores_sha256": files.file_sha256(
                folder / store.CORRUPTIONS_FILE
            ),
            "data_digest": cifake.digest(train, test),
        }
        store.write_card(folder, store.load_card(folder) | facts)
    report = scores.report(leak_free=leak_free)
    figures = {
        "n": report.n,
        "leak_free": leak_free,
        "corruptions": robustness.report_to_json(report),
    }
    return figures, _in_words(report)


def _in_words(report: RobustnessReport) -> str:
    """Return the accuracies as a small table for each kind of corruption."""
    lines: list[str] = []
    for kind, shares in report.accuracy.items():
        corruption_kind = CORRUPTION_KINDS[kind]
        lines.append(
            f"accuracy after {corruption_kind.title}, by {corruption_kind.measure}"
        )
        lines += [
            f"{strength:>10g} {share.value:.4f}  (95% interval {share.low:.4f} to "
            f"{share.high:.4f})"
            for strength, share in shares.items()
        ]
    return "\n".join(lines)
