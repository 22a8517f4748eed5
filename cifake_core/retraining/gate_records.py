"""Records of the gate: its checks, its report, and both as JSON and as words."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from cifake_core.basics.artefacts import from_json
from cifake_core.basics.text import PERCENT
from cifake_core.pictures.corruptions import Corruption

#: How a figure of a check is written, by the first part of the check's name.
_WORDS: Final[Mapping[str, Callable[[float], str]]] = {
    "cifake_mcnemar": lambda value: f"p {value:.2g}",
    "calibration_error": lambda value: f"{value:.4f}",
    "milliseconds": lambda value: f"{value:.1f} ms",
    "memory": lambda value: f"{value:,.0f} MB",
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GateCheck:
    """One line of the gate: candidate against the version in use, on the same pictures.

    `old` and `new` are what the version in use and the candidate come to, `limit` is
    the least or the most that the candidate may come to; what is not measured or has
    no limit is None. Shares, areas and p-values are 0 to 1, `milliseconds` are those of
    one picture, `memory` is in MB. `sentence` says all of it with the interval and,
    where it failed, what could be done.
    """

    name: str
    old: float | None
    new: float | None
    limit: float | None
    passed: bool
    sentence: str

    @property
    def title(self) -> str:
        """The name as a person reads it, such as "AUC: flow"."""
        first, *rest = self.name.split(":")
        if first == "robustness":
            kind, strength = rest
            rest = [Corruption(kind=kind, strength=float(strength)).title]
        words = {"auc": "AUC", "cifake_mcnemar": "McNemar's test on CIFAKE"}.get(
            first, first.replace("_", " ").capitalize()
        )
        return ": ".join(
            [words.replace("Cifake", "CIFAKE").replace("fake", "FAKE"), *rest]
        )

    @property
    def cells(self) -> tuple[str, str, str]:
        """Old, new and limit as a table has them; a dash for what is not there."""
        said = _WORDS.get(self.name.split(":")[0], _percent)
        old, new, limit = (
            "\N{EN DASH}" if value is None else said(value)
            for value in (self.old, self.new, self.limit)
        )
        return old, new, limit


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GateReport:
    """What the gate found of the candidate `version` against `against`, in use then."""

    version: int
    against: int
    checks: tuple[GateCheck, ...]

    @property
    def passed(self) -> bool:
        """True if every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[GateCheck, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)


def gate_to_json(report: GateReport) -> dict[str, Any]:  # of JSON values
    """`version`, `against`, `passed` and `checks`, as a program reads them."""
    return {
        "version": report.version,
        "against": report.against,
        "passed": report.passed,
        "checks": [asdict(check) for check in report.checks],
    }


def gate_from_json(held: Mapping[str, Any]) -> GateReport:
    """Report that `gate_to_json` wrote; other values are a `ValueError`."""
    return from_json(
        {name: value for name, value in held.items() if name != "passed"}, GateReport
    )


def _percent(share: float) -> str:
    """A share in percent."""
    return f"{100 * share:.2f}{PERCENT}"
