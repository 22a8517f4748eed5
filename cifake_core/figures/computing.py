"""How each figure is computed: in words, as a formula, and by which source."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Computation:
    """How one figure is computed.

    `words` and `source` are Markdown, `formula` is LaTeX; symbols in `words` stand
    between dollar signs.
    """

    words: str
    formula: str
    source: str


def _read(path: Path) -> dict[str, Computation]:
    """Return what a TOML file says, by the figure's name."""
    tables = tomllib.loads(path.read_text("utf-8"))
    return {name: Computation(**table) for name, table in tables.items()}


#: By the name of a chart's function in `figures`, of a method of explanation, or of
#: another figure: "attention_maps", "stability" and "splice".
COMPUTATIONS: Final[Mapping[str, Computation]] = _read(
    Path(__file__).with_name("computing.toml")
)
