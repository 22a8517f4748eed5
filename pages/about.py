"""About: what the verdicts mean and where the data come from."""

import streamlit as st

st.title("About this dashboard")
st.markdown(
    """
This dashboard tells photographs from AI-generated pictures **on one data set,
CIFAKE**, and shows what its two networks look at. A 2D-CNN sees the colours of the
picture. A 3D-CNN sees six filtered channels of it, stacked as depth.

## What a verdict means

- **REAL** or **FAKE** says which half of CIFAKE the picture resembles: photographs
  of CIFAR-10, or pictures that Stable Diffusion 1.4 made of the same ten kinds of
  object. Both are 32x32 pixels and were saved as JPEG.
- The probability is the networks' own. It holds for pictures like those they were
  trained on, and for no others.
- **UNSURE** means that something speaks against relying on them: the picture lacks
  the marks of how CIFAKE's pictures were saved, as shrunk photographs do; or it
  looks to the networks like nothing they learnt from; or they are not sure,
  disagree, or change their answer after small changes. Not every picture from
  elsewhere is found out if it was saved just as CIFAKE's were: *Test set* says how
  many are. Such a one gets a verdict, and that can be wrong.

## What it does not mean

- **It is no proof about a picture from elsewhere.** Ordinary photographs are not
  32x32 pixels. When they are shrunk to that size, the verdict of such a network
  follows the way of shrinking, not the picture, and it may be sure of it.
- Other generators, later versions and retouched pictures were not in the training
  data.
- Some FAKE pictures of the published test set are copies of training pictures, or
  of each other. *Test set* therefore gives the figures without them, too.
- Colour and a lack of it carry part of the task: a correct verdict need not rest on
  what a person would call a trace of AI.
- A heat map shows where a network's evidence lies, not why the picture is what it
  is. It can be misleading, too.

## Privacy

Pictures stay in this computer's memory. Nothing is stored, nothing is sent.
"""
)

st.header("The networks", divider="gray")
st.page_link(
    "pages/networks.py",
    label="What the networks are and how they were trained",
    icon=":material/hub:",
)

st.header("Data and citations", divider="gray")
st.markdown(
    """
- J. J. Bird and A. Lotfi, "CIFAKE: Image Classification and Explainable
  Identification of AI-Generated Synthetic Images", *IEEE Access* 12, 2024,
  [doi:10.1109/ACCESS.2024.3356122](https://doi.org/10.1109/ACCESS.2024.3356122),
  [arXiv:2303.14126](https://arxiv.org/abs/2303.14126).
- A. Krizhevsky and G. Hinton, "Learning multiple layers of features from tiny
  images", University of Toronto, 2009.
- The six filters and the idea of a 3D-CNN: Hosen et al., 2025.
- The heat maps. Grad-CAM: R. R. Selvaraju et al., 2017,
  [arXiv:1610.02391](https://arxiv.org/abs/1610.02391). HiResCAM: R. L. Draelos and
  L. Carin, 2020, [arXiv:2011.08891](https://arxiv.org/abs/2011.08891). LayerCAM: P.-T.
  Jiang et al., 2021,
  [doi:10.1109/TIP.2021.3089943](https://doi.org/10.1109/TIP.2021.3089943). Gradient x
  input: A. Shrikumar et al., 2016,
  [arXiv:1605.01713](https://arxiv.org/abs/1605.01713). Integrated gradients: M.
  Sundararajan et al., 2017, [arXiv:1703.01365](https://arxiv.org/abs/1703.01365).
  Occlusion: M. D. Zeiler and R. Fergus, 2014,
  [arXiv:1311.2901](https://arxiv.org/abs/1311.2901). LIME: M. T. Ribeiro et al.,
  2016, [arXiv:1602.04938](https://arxiv.org/abs/1602.04938). SHAP: S. M. Lundberg and
  S.-I. Lee, 2017, [arXiv:1705.07874](https://arxiv.org/abs/1705.07874).
"""
)
