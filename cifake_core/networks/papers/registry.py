"""Registry of the papers' networks, with the assumptions made for each."""

from collections.abc import Mapping
from typing import Final

from cifake_core.networks.spec import NetworkSpec

_ROOM: Final = "cifake_core.networks.papers"
_CNN2D: Final = f"{_ROOM}.pavani:build_cnn2d"

_LAYERS: Final = (
    "3x3 convolutions without padding, ReLU, max-pools of 2x2, and pixels scaled to "
    "0 to 1"
)
_RECIPE: Final = (
    "Adam at a rate of 0.001 and batches of 32, as Keras does by default, no change "
    "to the pictures, and an end when the validation loss has not fallen for 5 epochs"
)


def _deep_vision(units: int, *further: str) -> NetworkSpec:
    """Return Deep Vision's CNN2D with another width than Pavani's."""
    return NetworkSpec(
        title=f"Deep Vision {units}",
        summary=f"The CNN2D with {units} units in its dense layer.",
        builder=_CNN2D,
        options={"units": units},
        cam_layer="conv2",
        fine_layer="conv1",
        paper="D",
        assumed=(f"32 filters a convolution, {_LAYERS}", _RECIPE, *further),
    )


#: In menu order.
PAPERS: Final[Mapping[str, NetworkSpec]] = {
    "bird_lotfi": NetworkSpec(
        title="Bird & Lotfi",
        summary="Two convolutions and one dense layer, the best of 36.",
        builder=f"{_ROOM}.bird_lotfi:build_bird_lotfi",
        cam_layer="conv2",
        fine_layer="conv1",
        paper="B",
        assumed=(_LAYERS, _RECIPE),
    ),
    "pavani": NetworkSpec(
        title="Pavani CNN2D",
        summary="Two convolutions and 32 dense units; also Deep Vision's best.",
        builder=_CNN2D,
        options={"units": 32},
        cam_layer="conv2",
        fine_layer="conv1",
        paper="P",
        assumed=(f"32 filters a convolution, {_LAYERS}", _RECIPE),
    ),
    "pavani_modified": NetworkSpec(
        title="Pavani Modified CNN2D",
        summary="The CNN2D with dropout and a global average.",
        builder=f"{_ROOM}.pavani:build_modified_cnn2d",
        cam_layer="conv2",
        fine_layer="conv1",
        paper="P",
        assumed=(
            "dropout and a global average: the text has them, the abstract does not",
            "dropout 0.25 after each max-pool, the average in place of flattening",
            f"32 filters a convolution, {_LAYERS}",
            _RECIPE,
        ),
    ),
    "deep_vision_64": _deep_vision(
        64,
        "this is the same network as Bird & Lotfi's; it was trained from another "
        "seed, so the two differ by chance alone",
    ),
    "deep_vision_128": _deep_vision(128),
    "deep_vision_4096": _deep_vision(4096),
    "pallavi": NetworkSpec(
        title="Pallavi 128x128",
        summary="Three convolutions on the picture enlarged to 128x128.",
        builder=f"{_ROOM}.pallavi:build_pallavi",
        cam_layer="final_conv",
        paper="S",
        assumed=(
            "32, 64 and 128 filters, 128 dense units, and bilinear enlarging",
            _LAYERS,
            _RECIPE,
        ),
    ),
    "tulasi": NetworkSpec(
        title="Tulasi",
        summary="Three convolutions with batch normalisation and dropout.",
        builder=f"{_ROOM}.tulasi:build_tulasi",
        cam_layer="norm2",
        fine_layer="norm1",
        paper="T",
        assumed=(f"ReLU before the normalisation, {_LAYERS}", _RECIPE),
    ),
    "hosen_cnn": NetworkSpec(
        title="Hosen CNN",
        summary="Ten convolutions in five blocks.",
        builder=f"{_ROOM}.hosen:build_hosen_cnn",
        cam_layer="block3_2_norm",
        fine_layer="block2_2_norm",
        paper="H",
        assumed=(
            "512 dense units, not 256: only they give the stated parameters",
            "pixels scaled to 0 to 1, and batches and patience as for the 3D-CNN",
        ),
    ),
    "hosen_cnn3d": NetworkSpec(
        title="Hosen 3D-CNN",
        summary="Reads the colour picture as a volume of 32x32x3; sees no filter.",
        builder=f"{_ROOM}.hosen:build_hosen_cnn3d",
        cam_layer="picture_map",
        paper="H",
        assumed=("pixels scaled to 0 to 1",),
    ),
}
