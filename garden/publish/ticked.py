"""What the list in a pull request's text says of each proposal: a line unticked or taken out is a no.

A line that is still ticked, and whose id alone is gone, says nothing.

The list has no times of its own. So what it says is told once, when it was first seen, and told again only once it has
said something else in between: a line that is ticked again takes back the no that it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from garden.ledger import Ledger, matter_of
from garden.plan.decisions import Decision, Matter, Said, in_time
from garden.publish.body import Ticks, ticks
from garden.publish.wording import wrote

UNTICKED, STRUCK, TICKED = "unticked", "taken out of the list", "ticked again"


@dataclass(frozen=True)
class Listed:
    """The list of one pull request: its text, the proposals by id, the pull request's name, and the ISO time in UTC at
    which its lines are taken to say what they say.
    """

    text: str
    matters: Mapping[str, Matter]
    place: str
    when: str

    def turned_down(self) -> Iterator[Decision]:
        """A no for each line that is unticked or was taken out."""
        found = ticks(self.text)
        for name in sorted(self.matters.keys() & found.unticked):
            yield self.matters[name].decided("rejected", Said("", self.when, self.place, UNTICKED))
        for name in sorted(self._gone(found)):
            yield self.matters[name].decided("rejected", Said("", self.when, self.place, STRUCK))

    def _gone(self, found: Ticks) -> set[str]:
        """The proposals without a line. Where one stands there ticked, of which the id is gone and that cannot be told
        for one of these, it may be the line of any of them.
        """
        gone = self.matters.keys() - found.ticked - found.unticked if found.whole else set()
        for said in found.nameless:
            of_it = {name for name in gone if wrote(self.text, name, said)}
            gone -= of_it or gone
        return gone

    def put_right(self, heard: Iterable[Decision]) -> Iterator[Decision]:
        """A yes for each line that is ticked again, where its own no is the last that was ``heard`` of it.

        Where the line of its mate is still a no, that holds for both.
        """
        ordered = in_time(heard)
        noes = {matter_of(one) for one in ordered if self._is_no(one)}
        missing = {one.group for one in self.turned_down()}
        for name in sorted(self.matters.keys() & ticks(self.text).ticked):
            yes = self.matters[name].decided("accepted", Said("", self.when, self.place, TICKED))
            about = matter_of(yes)
            on_it = [one for one in ordered if matter_of(one) == about] if about in noes else []
            if yes.group not in missing and on_it and self._is_no(on_it[-1]) and self._is_no(self._last(yes, on_it)):
                yield yes

    def is_news(self, no: Decision, known: Ledger) -> bool:
        """Whether a line's no has not been taken in yet, or was put right since."""
        last = self._last(no, known.decisions)
        return not known.holds(no) or (last is not None and last.why == TICKED)

    def _last(self, said: Decision, heard: Iterable[Decision]) -> Decision | None:
        """The last word of the list itself on a proposal, the same texts being meant."""
        same = [one for one in heard if one.proposal == said.proposal and _texts(one) == _texts(said)]
        words = [one for one in in_time(same) if one.where == self.place and one.why in (UNTICKED, STRUCK, TICKED)]
        return words[-1] if words else None

    def _is_no(self, said: Decision | None) -> bool:
        return said is not None and said.where == self.place and said.why in (UNTICKED, STRUCK)


def _texts(said: Decision) -> list[str]:
    return [end.text for end in said.ends]
