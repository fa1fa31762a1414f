"""Whether confidence says what it means: how often pairs of some confidence were linked, in tenths of the scale."""

import numpy as np
from numpy.typing import NDArray

from garden.models import Bin, Reliability

BINS = 10


def backtested(confidence: NDArray[np.floating], linked: NDArray[np.bool_]) -> Reliability:
    """The reliability of some confidences, by whether each pair turned out to be linked."""
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        inside = places == place
        count = int(inside.sum())
        if count:
            said, share = float(confidence[inside].mean()), float(linked[inside].mean())
            bins.append(Bin(confidence=round(said, 4), share=round(share, 4), count=count))
    return Reliability(source="backtest", bins=tuple(bins))
