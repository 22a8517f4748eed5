"""Saliency by the spectral residual: the part that an eye would go to first."""

from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter

from cifake_core.basics.arrays import Floats, Rgb

Mask: TypeAlias = npt.NDArray[np.bool_]

#: Side of the mean filter over the spectrum, as in the paper.
_SPECTRUM_SIDE: Final = 3
#: Pixels over which saliency is smoothed; the paper's 8 is for 64 pixels to a side.
_SIGMA: Final = 2.5


def saliency(image: Rgb) -> Floats:
    """Return the saliency of each pixel: what the picture does not repeat.

    OpenCV has this only in a package of its extra modules, which would take the
    place of the one in use.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) float32, 0 to 1; 0 everywhere for a picture of one brightness.

    Source: Hou & Zhang 2007, doi:10.1109/CVPR.2007.383267, equations 3 to 6.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float64)
    if np.ptp(gray) == 0:
        return np.zeros(gray.shape, np.float32)
    spectrum = np.fft.fft2(gray)
    amplitude = np.log1p(np.abs(spectrum))  # not log: a drawn picture has zeros
    # a spectrum goes on at its other side
    residual = amplitude - uniform_filter(amplitude, _SPECTRUM_SIDE, mode="wrap")
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    smooth = cv2.GaussianBlur(np.abs(back) ** 2, (0, 0), _SIGMA)
    return np.asarray(smooth / smooth.max(), np.float32)


def standing_out(image: Rgb) -> Mask | None:
    """Return the pixels that stand out, or None if the picture has no such part.

    The bar is Otsu's: it parts the salient pixels from the others as clearly as
    any. What stands out need not be the object, nor all of it.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) bool, neither all True nor all False.

    Source: Otsu 1979, doi:10.1109/TSMC.1979.4310076, by OpenCV.
    """
    steps = np.rint(255 * saliency(image)).astype(np.uint8)
    if np.ptp(steps) == 0:
        return None
    bar, _ = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(steps > bar, np.bool_)
