"""Results of many pictures, as pages show them: of a queued job, or of a scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias, get_args

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.labels import Decision

#: What a result may be: a decision, or a file that could not be judged.
Outcome: TypeAlias = Decision | Literal["error"]
#: As given; by decision; by doubt, the most or the least first.
Order: TypeAlias = Literal["given", "decision", "doubt", "sure"]

ORDERS: Final[tuple[Order, ...]] = get_args(Order)
#: In the order in which results are sorted by decision.
OUTCOMES: Final[tuple[Outcome, ...]] = ("FAKE", "UNSURE", "REAL", "error")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Result:
    """Result of one item: its error, or its decision with doubt.

    `doubt` is 0 to 1: how near the networks together are to one half. `pixels` is
    (32, 32, 3) uint8, the picture as the networks saw it, or None where it is not to
    be had.
    """

    number: int
    path: str
    error: str | None
    decision: Decision | None
    doubt: float | None
    pixels: Rgb | None


class Results(Protocol):
    """Results so far; `name` is fit for a file.

    `known` names the generators that each network has learnt, `sentences` are those on
    the scope of the verdicts; both are empty before anything was judged.
    """

    @property
    def name(self) -> str:
        """Name for a file of them."""

    @property
    def known(self) -> Mapping[str, Sequence[str]]:
        """Generators that each network has learnt, by its name."""

    @property
    def sentences(self) -> Sequence[str]:
        """Sentences on the scope of the verdicts."""

    def counts(self) -> dict[Outcome, int]:
        """Number of results by what they are, in the order of `OUTCOMES`."""

    def page(
        self, *, outcome: Outcome | None, order: Order, first: int, most: int
    ) -> list[Result]:
        """Some of the results.

        Args:
            outcome: what they are; None for all.
            order: of them.
            first: how many to leave out before.
            most: how many to give.
        """

    def get(self, number: int) -> Result:
        """One result.

        Raises:
            JobError: If there is none of that number.
        """

    def read(self, number: int) -> bytes:
        """Bytes of an item's file, which is looked up where it lay.

        Raises:
            JobError: If the source cannot be opened any more.
            InvalidImageError: If it cannot be read any more.
        """

    def export(self, path: Path) -> None:
        """Write all rows to a file, CSV, JSON Lines or Parquet by its ending.

        Raises:
            JobError: If the ending is none of these.
            OSError: If the file cannot be written.
        """
