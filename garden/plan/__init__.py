"""The plan of a run: every proposal with its reason, and the sections that the proposals lead to."""

from garden.plan.make import Judgement, PairEvidence, Plan, make_plan
from garden.plan.sections import applied, wanted_section

__all__ = ["Judgement", "PairEvidence", "Plan", "applied", "make_plan", "wanted_section"]
