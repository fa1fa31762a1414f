"""Whether confidence says what it means: how often pairs of some confidence were linked, in tenths of the scale.

Confidence is that a curator would make a link, and not all of those have been made: what is linked is a share of what
is right, ``COMPLETENESS`` of it as far as that is known.
"""

import numpy as np
from numpy.typing import NDArray

from garden.links.confidence import Sample, cross_fitted
from garden.models import Bin, Reliability

BINS = 10


def backtest_of(sample: Sample, above: float) -> Reliability:
    """The reliability of confidences from ``above`` on, each told by a curve that had not seen its pair."""
    told = cross_fitted(sample)
    kept = told >= above
    return backtested(told[kept], sample.linked[kept], sample.weight[kept])


def backtested(
    confidence: NDArray[np.floating], linked: NDArray[np.bool_], weight: NDArray[np.floating] | None = None
) -> Reliability:
    """The reliability of some confidences, by whether each pair turned out to be linked.

    ``weight`` is how many pairs each stands for.
    """
    each = np.ones(len(confidence)) if weight is None else weight
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        inside = places == place
        count = float(each[inside].sum())
        if count:
            said, share = (float(each[inside] @ values[inside]) / count for values in (confidence, linked))
            bins.append(Bin(confidence=round(said, 4), share=round(share, 4), count=max(round(count), 1)))
    return Reliability(source="backtest", bins=tuple(bins))
