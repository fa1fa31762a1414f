"""Weights of a link's signals before anything is learned, fitted on four gardens whose links people made.

Fitted by ``benchmarks/prior.py``; no garden's figures changed the weights by much, see there. The constant is relative
to the log of the share of pairs that are tied.
"""

PRIOR = {
    "lexical": 0.37,
    "topic": 0.37,
    "phrase": 0.71,
    "mention": 0.78,
    "meaning": 0.10,
    "common neighbours": -0.15,
    "paths": 0.70,
    "look-alikes": 0.06,
    "namesakes": 0.24,
    "source's look-alikes": 1.01,
    "target's look-alikes": 0.46,
    "both's look-alikes": 0.17,
    "links of source": 1.53,
    "links to target": 1.12,
    "source links": -0.93,
    "links of target": 0.06,
    "links to source": 0.09,
    "names target": 0.50,
    "alike and paths": -0.52,
    "alike and source's look-alikes": -0.20,
    "alike and target's look-alikes": -0.37,
    "constant": -2.42,
}
