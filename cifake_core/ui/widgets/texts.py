"""Words and figures as pages and files show them; nothing here draws."""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from cifake_core.basics.estimates import Estimate
from cifake_core.basics.text import PERCENT, whole_percent
from cifake_core.papers.claims import Claim
from cifake_core.verdicts.records import ObjectPrediction, Verdict


def verdicts_csv(rows: Sequence[tuple[str, Verdict]]) -> str:
    """One line for each picture and network, with a header."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        (
            "picture",
            "verdict",
            "network",
            "label",
            "p_fake",
            "p_real",
            "object_class",
            "object_probability",
            "milliseconds",
            "model_sha256",
            "reasons",
            "headline",
            "scope",
            "network_knows",
        )
    )
    for name, verdict in rows:
        for prediction in verdict.predictions.values():
            seen = prediction.object_prediction
            writer.writerow(
                (
                    name,
                    verdict.decision,
                    prediction.network,
                    prediction.label,
                    f"{prediction.p_fake:.6f}",
                    f"{prediction.p_real:.6f}",
                    seen.object_class if seen else "",
                    f"{seen.probability:.6f}" if seen else "",
                    f"{prediction.milliseconds:.1f}",
                    prediction.model_sha256,
                    " ".join(verdict.reasons),
                    verdict.headline,
                    " ".join(verdict.scope.sentences),
                    prediction.knows,
                )
            )
    return text.getvalue()


def plain(text: str) -> str:
    """Text, such as a file's name, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_~\[\]<>$#|]|:(?=\w))", r"\\\1", text)


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Markdown table; all rows have the columns of the first.

    A browser reads it as one text, where `st.table` makes one of every cell.
    """
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *(row.values() for row in rows)]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"
        for line in lines
    )


def percent(share: float) -> str:
    """Share, 0 to 1, as a percentage that never claims certainty."""
    if share > 0.999:
        return f"> 99.9{PERCENT}"
    if share < 0.001:
        return f"< 0.1{PERCENT}"
    return f"{share:.1%}".replace("%", PERCENT)


def likeness(object_prediction: ObjectPrediction) -> str:
    """Words for the predicted object, with its probability.

    Less than an even chance is said as the guess that it is.
    """
    name = object_prediction.object_class
    if object_prediction.probability < 0.5:
        article = "an" if name[0] in "aeiou" else "a"
        name = f"perhaps {article} {name}"
    return f"Looks like: {name}, {whole_percent(object_prediction.probability)}"


def interval(estimate: Estimate) -> str:
    """Share in percent with its 95 % interval."""
    value, low, high = (
        100 * share for share in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value:.1f}{PERCENT} ({low:.1f} to {high:.1f})"


def area(estimate: Estimate) -> str:
    """Area under a curve, 0 to 1, with its 95 % interval."""
    return f"{estimate.value:.4f} ({estimate.low:.4f} to {estimate.high:.4f})"


def claimed(claim: Claim) -> str:
    """Accuracy that is claimed, in words."""
    if claim.accuracy is None:
        return "no figure"
    words = f"{claim.accuracy:g}{PERCENT}"
    if claim.at_least:
        words = f"at least {words}"
    return f"{words} (validation)" if claim.ground == "validation" else words
