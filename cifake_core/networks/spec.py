"""What the product knows of a network before Keras is loaded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

InputKind: TypeAlias = Literal["rgb", "planes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkSpec:
    """One network of the product.

    `input_kind` says what it is fed: the picture or its six planes. `build`
    returns it untrained; `cam_layer` is its last layer whose map is at least
    8x8, and `fine_layer`, where it is given, the last of at least 16x16. A network
    with `members` has no weights of its own: its logit is the weighted sum of
    theirs. `paper` is the key in `claims.SYSTEMS` of the system
    whose network this is, empty for our own, and `assumed` holds a sentence for
    each thing that its paper leaves open.
    """

    title: str
    summary: str
    input_kind: InputKind = "rgb"
    build: "Callable[[], keras.Model] | None" = None
    cam_layer: str = ""
    fine_layer: str = ""
    members: tuple[str, ...] = ()
    paper: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def finest_layer(self) -> str:
        """The layer with the finest map to explain by."""
        return self.fine_layer or self.cam_layer
