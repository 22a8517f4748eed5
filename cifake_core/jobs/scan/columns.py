"""Shards in columns: one row a picture, the keys of `predict --json` as columns.

Columns of the picture: `path`, `error` (null if it was judged), `verdict`, `reasons`
and, where it was measured, `scope`. For each network a column of its name, a struct of
`label`, `p_fake`, `p_real`, `milliseconds`, `knows`, `object_class` and
`object_probability`; null if the picture was not judged. The schema's metadata has the
scope's sentences, and how the shard was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from cifake_core.basics.labels import Decision
from cifake_core.jobs.judging import Judged, Row
from cifake_core.jobs.sinks.types import NETWORK, PICTURE, SCOPE
from cifake_core.verdicts.scope import HEADLINES

_OF_PICTURE: Final = frozenset({"verdict", "reasons", "scope"})


def schema_of(
    networks: Sequence[str], *, has_scope: bool, metadata: Mapping[str, str]
) -> pa.Schema:
    """Schema of the shards of a run.

    Args:
        networks: whose predictions there are.
        has_scope: whether the scope of verdicts was measured.
        metadata: to be kept with it.
    """
    picture = [each for each in PICTURE if has_scope or each.type != SCOPE]
    columns = [pa.field(name, pa.struct(list(NETWORK))) for name in networks]
    return pa.schema([*picture, *columns], metadata=dict(metadata))


def row_of(judged: Judged) -> dict[str, Any]:
    """Row of one picture."""
    verdict = judged.verdict
    if verdict is None:
        return {"path": judged.item.path, "error": judged.fault}
    predictions = {name: verdict.to_json(name) for name in verdict.predictions}
    first = next(iter(predictions.values()))
    return {
        "path": judged.item.path,
        **{key: value for key, value in first.items() if key in _OF_PICTURE},
        **predictions,
    }


def rows_of_shard(path: Path) -> Iterator[Row]:
    """Rows of a shard as `predict --json` has them: one a picture and network."""
    table = parquet.read_table(path)
    own = {field.name for field in PICTURE}
    networks = [name for name in table.column_names if name not in own]
    for row in table.to_pylist():
        if row["error"] is not None:
            yield {"path": row["path"], "error": row["error"]}
            continue
        picture = {key: row[key] for key in row if key in own and row[key] is not None}
        for name in networks:
            given = {key: each for key, each in row[name].items() if each is not None}
            yield {"network": name, **picture, **given}


def headline(decision: Decision) -> str:
    """Decision as shards' readers show it."""
    return HEADLINES[decision]
