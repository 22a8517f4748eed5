"""Network specification: the facts of a network that need no Keras."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import keras

InputKind: TypeAlias = Literal["rgb", "planes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkSpec:
    """Specification of one network of the product.

    `input_kind` is the kind of its input: the picture or its six planes. `builder` is
    the function that builds it, as "module:function", and `options` are that
    function's arguments; `cam_layer` is its last layer whose map is at least 8x8, and
    `fine_layer`, where it is given, the last of at least 16x16. A network with
    `members` has no weights and no builder of its own: its logit is the weighted sum
    of theirs. `paper` is the key in `claims.SYSTEMS` of the system whose network this
    is, empty for our own, and `assumed` holds a sentence for each thing that its
    paper leaves open.
    """

    title: str
    summary: str
    input_kind: InputKind = "rgb"
    builder: str = ""
    options: Mapping[str, int | tuple[int, ...]] = field(
        default_factory=dict, hash=False
    )
    cam_layer: str = ""
    fine_layer: str = ""
    members: tuple[str, ...] = ()
    paper: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def finest_layer(self) -> str:
        """The layer with the finest map to explain by."""
        return self.fine_layer or self.cam_layer

    def build(self) -> "keras.Model":
        """The network, untrained; the first call loads Keras, which takes seconds.

        Raises:
            ValueError: If it is an ensemble: its members are built, not the whole.
        """
        if not self.builder:
            members = ", ".join(self.members)
            msg = (
                f"{self.title} has no layers of its own. Build its members: {members}."
            )
            raise ValueError(msg)
        model: keras.Model = resolve_name(self.builder)(**self.options)
        return model
