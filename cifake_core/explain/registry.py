"""Registry of explainers: title, reading, method and settings of each."""

from collections.abc import Mapping
from typing import Final

from cifake_core.explain.explainer import Explainer, Setting
from cifake_core.explain.methods.cam import gradcam, hirescam, layercam
from cifake_core.explain.methods.gradient import gradient_input, integrated_gradients
from cifake_core.explain.methods.lime import lime
from cifake_core.explain.methods.occlusion import occlusion
from cifake_core.explain.methods.shap import shap

_NUM_SAMPLES: Final = Setting(
    name="num_samples",
    title="Changed pictures to score",
    low=100,
    high=5000,
    step=100,
    default=1000,
)
_IN_MENU_ORDER: Final = (
    Explainer(
        name="gradcam",
        title="Grad-CAM",
        shows="The brighter a region, the more it spoke for the label.",
        method=gradcam,
        signed=False,
    ),
    Explainer(
        name="hirescam",
        title="HiResCAM",
        shows="As Grad-CAM, on a map twice as fine: what spoke for the label.",
        method=hirescam,
        signed=False,
    ),
    Explainer(
        name="layercam",
        title="LayerCAM",
        shows="As HiResCAM, but what spoke against the label is not set off.",
        method=layercam,
        signed=False,
    ),
    Explainer(
        name="gradient_input",
        title="Gradient x input",
        shows="Each pixel's push towards the label, or away from it.",
        method=gradient_input,
        signed=True,
    ),
    Explainer(
        name="integrated_gradients",
        title="Integrated gradients",
        shows="What each pixel adds to the label, or takes from it, on the way from a "
        "flat picture to this one.",
        method=integrated_gradients,
        signed=True,
        slow=True,
        settings=(
            Setting(
                name="num_steps",
                title="Steps on the way",
                low=16,
                high=256,
                step=16,
                default=64,
            ),
        ),
    ),
    Explainer(
        name="occlusion",
        title="Occlusion",
        shows="How much weaker, or stronger, the label gets when a patch is covered.",
        method=occlusion,
        signed=True,
        slow=True,
        settings=(
            Setting(
                name="side",
                title="Side of the patch in pixels",
                low=2,
                high=16,
                step=2,
                default=8,
            ),
        ),
    ),
    Explainer(
        name="lime",
        title="LIME",
        shows="Which pieces of the picture the label leans on, and which weaken it.",
        method=lime,
        signed=True,
        slow=True,
        settings=(_NUM_SAMPLES,),
    ),
    Explainer(
        name="shap",
        title="SHAP",
        shows="What each piece of the picture adds to the label, or takes from it, "
        "whichever pieces are there already.",
        method=shap,
        signed=True,
        slow=True,
        settings=(_NUM_SAMPLES,),
    ),
)

#: By name, in menu order.
EXPLAINERS: Final[Mapping[str, Explainer]] = {
    explainer.name: explainer for explainer in _IN_MENU_ORDER
}
