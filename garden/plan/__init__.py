"""The plan of a run: every proposal with its reason, and the sections that the proposals lead to."""

from garden.links.evidence import PairEvidence
from garden.plan.make import Judgement, Plan, plan_of, propose
from garden.plan.sections import applied, wanted_section

__all__ = ["Judgement", "PairEvidence", "Plan", "applied", "plan_of", "propose", "wanted_section"]
