"""Which groups the patterns of a library form, under names that last.

People's word (``source`` taxonomy or curated) is kept and counts as evidence. What the machine said before is where a
run starts from, not what it proves: a membership is judged by the texts alone, over the edges of ``Web``.
"""

from garden.communities.find import Communities, Membership, communities_of, find_communities
from garden.communities.register import SOURCES_OF_PEOPLE, Name, community_key
from garden.communities.web import Edges, Web, web_of

__all__ = [
    "SOURCES_OF_PEOPLE",
    "Communities",
    "Edges",
    "Membership",
    "Name",
    "Web",
    "communities_of",
    "community_key",
    "find_communities",
    "web_of",
]
