"""Citations: the data set, the filters and the heat maps."""

from typing import Final

import streamlit as st

_CITATIONS: Final = """
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


def show() -> None:
    """Works that the product rests on, with links."""
    st.markdown(_CITATIONS)
