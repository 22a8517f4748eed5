"""The table of networks: what each is fed, how it is built, where it is explained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import keras

InputKind: TypeAlias = Literal["rgb", "planes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkSpec:
    """One network of the product.

    `input_kind` says what it is fed: the picture or its six planes. `build`
    returns it untrained; `cam_layer` is its last layer whose map is at least
    8x8. A network with `members` has no weights of its own: its logit is the
    weighted sum of theirs.
    """

    title: str
    summary: str
    input_kind: InputKind = "rgb"
    build: "Callable[[], keras.Model] | None" = None
    cam_layer: str = ""
    members: tuple[str, ...] = ()


def _cnn() -> "keras.Model":
    """Return the 2D-CNN; Keras takes seconds to import, so only when asked."""
    from cifake_core.networks.cnn import build_cnn  # noqa: PLC0415

    return build_cnn()


def _cnn3d() -> "keras.Model":
    """Return the 3D-CNN; Keras takes seconds to import, so only when asked."""
    from cifake_core.networks.cnn3d import build_cnn3d  # noqa: PLC0415

    return build_cnn3d()


#: In menu order.
NETWORKS: Final[Mapping[str, NetworkSpec]] = {
    "cnn": NetworkSpec(
        title="2D-CNN",
        summary="Looks at the colours of the picture.",
        input_kind="rgb",
        build=_cnn,
        cam_layer="stage3_2_relu",
    ),
    "cnn3d": NetworkSpec(
        title="3D-CNN",
        summary="Looks at the six filtered channels, stacked as depth.",
        input_kind="planes",
        build=_cnn3d,
        cam_layer="stage3_2_relu",
    ),
    "ensemble": NetworkSpec(
        title="Ensemble",
        summary="Weighs the scores of the two networks and adds them.",
        members=("cnn", "cnn3d"),
    ),
}
