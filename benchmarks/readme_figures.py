"""README's figures, written from the shipped artefacts.

`python -m benchmarks.readme_figures` writes what stands between the markers
`<!-- figures: NAME -->` and `<!-- end -->`; with `--check` it only says whether they
are as it would write them.
"""

import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Final

from cifake_core.basics.errors import NotMadeError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.places import CHECKOUT, user_data_folder
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS
from cifake_core.workbench import Workbench

README: Final = CHECKOUT / "README.md"
_BLOCK: Final = r"(<!-- figures: {name} -->\n).*?(<!-- end -->)"
#: Beside each network's best method: the exact one and the best known one.
_BESIDE: Final = ("integrated_gradients", "gradcam")


def metrics(bench: Workbench) -> str:
    """Return the table of metrics on both test sets, in percent."""
    head = "network | test set, pictures | accuracy | precision | recall | F1 | ROC AUC"
    rows = [f"| {head} | ECE |", "|---|---|---|---|---|---|---|---|"]
    for name in bench.names():
        for leak_free, kind in ((False, "official"), (True, "leak-free")):
            report = bench.evaluation.report(name, leak_free=leak_free)
            cells = [
                f"{NETWORKS[name].title} (`{name}`)",
                f"{kind}, {report.n:,}",
                _percent(report.accuracy, 2),
                _percent(report.precision, 1),
                _percent(report.recall, 1),
                _percent(report.f1, 1),
                _percent(report.roc_auc, 2),
                f"{report.ece:.3f}",
            ]
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def verdicts(bench: Workbench) -> str:
    """Return the sentences on coverage and accuracy of the verdicts."""
    card = bench.policy_card()
    official, ordinary = card.of_set("official"), card.ordinary
    return (
        f"The verdict is REAL or FAKE for {_share(official.coverage)} of the official "
        f"test set, and\n{_share(official.accuracy)} of those are right; the rest is "
        f"UNSURE. Of {ordinary.n:,} ordinary pictures from elsewhere,\n"
        f"{_share(ordinary.judged)} get a verdict."
    )


def scope(bench: Workbench) -> str:
    """Return what the verdicts know, and the table of what they find of the rest."""
    known, unseen = (
        textwrap.fill(sentence, 88, break_long_words=False, break_on_hyphens=False)
        for sentence in bench.scope.of_verdicts().sentences
    )
    try:
        card = bench.scope.card()
    except NotMadeError:  # as the sentence says
        return f"{known}\n{unseen}"
    head = "generator never met | fakes | found | AUC"
    rows = [
        f"| {head} | {' | '.join(f'verdict {each}' for each in DECISIONS)} |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in card.unseen.items():
        cells = [
            name,
            f"{row.n:,}",
            _percent(row.recall, 1),
            _percent(row.roc_auc, 1),
            *(f"{row.verdicts.get(decision, 0):,}" for decision in DECISIONS),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    meaning = (
        "Found is the share of fakes that is flagged where 2 % of CIFAKE's photographs "
        "are, in\npercent like the area under the ROC curve, where 50 is chance."
    )
    return "\n".join([f"{known}\n{unseen}", "", *rows, "", meaning])


def saved_alike(bench: Workbench) -> str:
    """Return the share of judged photographs that were saved as CIFAKE's are."""
    shares = [
        row.judged.value
        for row in bench.policy_card().out_of_distribution
        if row.marked and not row.tuned
    ]
    low, high = 100 * min(shares), 100 * max(shares)
    return (
        "  Photographs shrunk to 32x32 and saved as CIFAKE's pictures were, as JPEG "
        "of\n"
        "  quality 75, still get a confident verdict, right or wrong, in "
        f"{low:.0f} to {high:.0f} %\n"
        "  of cases, by kernel."
    )


def methods(bench: Workbench) -> str:
    """Return the table of the best explanation methods, by network."""
    table = bench.trust_table()
    if table is None:
        msg = "There is no table of trust. Make it with `python -m cifake_core trust`."
        raise SystemExit(msg)
    head = "network | method | area against chance | faithful"
    rows = [f"| {head} | evidence on a pasted patch |", "|---|---|---|---|---|"]
    for name in table.model_sha256:
        scores, patches = table.scores(name), table.patches(name)
        for method in dict.fromkeys((table.best_method(name), *_BESIDE)):
            area, faithful = scores[method].score, scores[method].faithful
            cells = [
                f"{NETWORKS[name].title} (`{name}`)",
                EXPLAINERS[method].title,
                f"{area.value:.2f} ({area.low:.2f} to {area.high:.2f})",
                f"{100 * faithful.value:.0f} %",
                f"{100 * patches[method].share.value:.0f} %",
            ]
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


BLOCKS: Final[Mapping[str, Callable[[Workbench], str]]] = {
    "metrics": metrics,
    "verdicts": verdicts,
    "methods": methods,
    "saved alike": saved_alike,
    "scope": scope,
}


def written(text: str, bench: Workbench) -> str:
    """Return README's text with every block of figures as the artefacts have them."""
    for name, write in BLOCKS.items():
        block = re.compile(_BLOCK.format(name=re.escape(name)), re.DOTALL)
        figures = write(bench)
        text, found = block.subn(lambda m, f=figures: f"{m[1]}{f}\n{m[2]}", text)
        if found != 1:
            msg = f"Expected one block `figures: {name}` in {README}. Found {found}."
            raise SystemExit(msg)
    return text


def _percent(estimate: Estimate, digits: int) -> str:
    """Return an estimate in percent with its interval."""
    low, high = 100 * estimate.low, 100 * estimate.high
    interval = f"({low:.{digits}f} to {high:.{digits}f})"
    return f"{100 * estimate.value:.{digits}f} {interval}"


def _share(estimate: Estimate) -> str:
    """Return a share in percent."""
    return f"{100 * estimate.value:.1f} %"


if __name__ == "__main__":
    before = README.read_text("utf-8")
    after = written(
        before, Workbench(CHECKOUT / "models", user_data=user_data_folder())
    )
    if "--check" in sys.argv[1:]:
        sys.exit(0 if after == before else "README's figures are not the shipped ones.")
    README.write_text(after, "utf-8")
