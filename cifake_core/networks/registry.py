"""The table of networks: what each is fed, how it is built, where it is explained."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cifake_core.networks.papers.registry import PAPERS
from cifake_core.networks.spec import InputKind, NetworkSpec

if TYPE_CHECKING:
    import keras

__all__ = ["NETWORKS", "OWN", "PAPERS", "InputKind", "NetworkSpec"]


def _cnn() -> "keras.Model":
    """Return the 2D-CNN; Keras takes seconds to import, so only when asked."""
    from cifake_core.networks.cnn import build_cnn  # noqa: PLC0415

    return build_cnn()


def _cnn3d() -> "keras.Model":
    """Return the 3D-CNN; Keras takes seconds to import, so only when asked."""
    from cifake_core.networks.cnn3d import build_cnn3d  # noqa: PLC0415

    return build_cnn3d()


#: In menu order, our own before the papers'.
NETWORKS: Final[Mapping[str, NetworkSpec]] = {
    "cnn": NetworkSpec(
        title="2D-CNN",
        summary="Looks at the colours of the picture.",
        input_kind="rgb",
        build=_cnn,
        cam_layer="stage3_2_relu",
        fine_layer="stage2_2_relu",
    ),
    "cnn3d": NetworkSpec(
        title="3D-CNN",
        summary="Looks at the six filtered channels, stacked as depth.",
        input_kind="planes",
        build=_cnn3d,
        cam_layer="stage3_2_relu",
        fine_layer="stage2_1_relu",
    ),
    "ensemble": NetworkSpec(
        title="Ensemble",
        summary="Weighs the scores of the two networks and adds them.",
        members=("cnn", "cnn3d"),
    ),
    **PAPERS,
}

#: The names of our own: what is meant wherever nobody asks for a paper's network.
OWN: Final = tuple(name for name in NETWORKS if name not in PAPERS)
