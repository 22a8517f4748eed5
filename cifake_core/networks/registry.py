"""Registry of networks: input, builder and explained layers of each."""

from collections.abc import Mapping
from typing import Final

from cifake_core.networks.papers.registry import PAPERS
from cifake_core.networks.spec import InputKind, NetworkSpec

__all__ = ["NETWORKS", "OWN", "PAPERS", "InputKind", "NetworkSpec"]


#: In menu order, our own before the papers'.
NETWORKS: Final[Mapping[str, NetworkSpec]] = {
    "cnn": NetworkSpec(
        title="2D-CNN",
        summary="Looks at the colours of the picture.",
        input_kind="rgb",
        builder="cifake_core.networks.cnn:build_cnn",
        cam_layer="stage3_2_relu",
        fine_layer="stage2_2_relu",
    ),
    "cnn3d": NetworkSpec(
        title="3D-CNN",
        summary="Looks at the six filtered channels, stacked as depth.",
        input_kind="planes",
        builder="cifake_core.networks.cnn3d:build_cnn3d",
        cam_layer="stage3_2_relu",
        fine_layer="stage2_1_relu",
    ),
    "cnn_multi": NetworkSpec(
        title="Multi-generator CNN",
        summary="Looks at the colours, and has learnt fakes of more generators.",
        input_kind="rgb",
        builder="cifake_core.networks.cnn_multi:build_cnn_multi",
        cam_layer="stage3_2_relu",
        fine_layer="stage2_2_relu",
    ),
    "ensemble": NetworkSpec(
        title="Ensemble",
        summary="Weighs the scores of 2D-CNN and 3D-CNN and adds them.",
        members=("cnn", "cnn3d"),
    ),
    **PAPERS,
}

#: The names of our own: what is meant wherever nobody asks for a paper's network.
OWN: Final = tuple(name for name in NETWORKS if name not in PAPERS)
