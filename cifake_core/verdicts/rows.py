"""Rows of verdicts as doors hand them to programs: one a picture and network."""

from collections.abc import Sequence
from typing import Any

from cifake_core.basics.errors import InvalidImageError
from cifake_core.provenance.records import FileFacts
from cifake_core.verdicts.records import Verdict


def verdict_rows(
    path: str,
    verdict: Verdict,
    networks: Sequence[str],
    *,
    file: FileFacts | None = None,
) -> list[dict[str, Any]]:  # of JSON values
    """One row for each network's prediction, each with the verdict and its scope.

    Args:
        path: what the picture is called.
        verdict: on it.
        networks: whose predictions are given.
        file: what the file says of itself, where rows tell that, too.
    """
    told = {} if file is None else {"file": file.to_json()}
    return [{"path": path, **verdict.to_json(name), **told} for name in networks]


def error_row(path: str, error: InvalidImageError | str) -> dict[str, str]:
    """The row of a picture that could not be judged, with the sentence on why."""
    return {"path": path, "error": str(error)}
