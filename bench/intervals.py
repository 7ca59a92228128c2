"""The interval that the figures from reading are printed with."""

import math
from statistics import NormalDist


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's interval of 95% for a share of `size` things."""
    z = NormalDist().inv_cdf(0.975)
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    return middle - half, middle + half
