"""The papers on the workbench: leaderboard, layers, Bird & Lotfi's search."""

from pathlib import Path

from cifake_core.networks.inspection import layer_summary
from cifake_core.papers import bird_lotfi_search, leaderboard


class PapersBench:
    """What is stored of the papers' networks; small files, read each time.

    Args:
        models: the folder of trained networks.
    """

    def __init__(self, models: Path) -> None:
        self._models = models

    def leaderboard(self) -> dict[str, leaderboard.LeaderboardEntry]:
        """Leaderboard of our networks and the papers', by name."""
        return leaderboard.read(self._models)

    def layers(self, network: str) -> tuple[layer_summary.Layer, ...]:
        """Layers of one of the papers' networks."""
        return layer_summary.read(self._models)[network]

    def ranking(self) -> bird_lotfi_search.Ranking:
        """Ranking of Bird & Lotfi's networks in the search."""
        return bird_lotfi_search.read_ranking(
            self._models / bird_lotfi_search.RANKING_FILE
        )
