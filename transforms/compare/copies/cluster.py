"""Turns links between pairs of texts into clusters, originals and relations, whatever the order of the links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from schemas.table import day_of
from transforms.common.clock import DAY_US
from transforms.compare.copies.pairs.compare import Link, View
from transforms.compare.copies.pairs.overlap import Text
from transforms.compare.copies.verdict import Relation

CLEARLY_SHORTER: Final = 0.8
"""An abridged copy has at most this share of the original's words; a longer one is a near copy."""

WHOLE: Final = 0.9
"""A text with at least this share of the longest text's words counts as whole, like the longest."""


AGREEMENT: Final = 0.5
"""Two groups become one if at least half of the pairs between them are copies, or if at least half of the texts of one
are copies of the other's original."""


class Member(NamedTuple):
    """The facts of an article that clustering uses. `cluster_id` is set if it had a cluster before this run."""

    article_id: str
    content_hash: str
    word_count: int
    published_us: int | None
    cluster_id: str | None


class Sighting(NamedTuple):
    """A view with copies or a roundup, with the articles that clustering needs.

    These are the viewing text, the texts that its copy links name, and the texts it was compared with that have a
    cluster already.
    """

    view: View
    members: tuple[Member, ...]


class Placement(NamedTuple):
    """The cluster of an article that has copies, its relation, and the original that it copies."""

    article_id: str
    cluster_id: str
    relation: str
    duplicate_of: str | None
    similarity: float | None


def member_of(text: Text) -> Member:
    """The facts of a text that clustering uses."""
    return Member(text.article_id, text.content_hash, text.word_count, text.published_us, text.cluster_id)


def prefer(members: Iterable[Member]) -> list[Member]:
    """Members with the best original first: the earliest of the whole texts of the first day.

    The first day is the earliest UTC day on which any member was published; agencies and their customers publish within
    hours. A text is whole if it has nearly as many words as the longest of that day (`WHOLE`), so that a line of
    furniture more or less decides nothing. Members without a date or a time of day (midnight means: no time) follow the
    others that are as whole. Of two published at the same instant the longer goes first, then the lesser id. A total
    order over distinct articles.
    """
    members = list(members)
    first = min((day_of(one.published_us) for one in members if one.published_us is not None), default="")
    of_first_day = [one for one in members if one.published_us is None or day_of(one.published_us) == first]
    longest = max((one.word_count for one in of_first_day), default=0)

    def rank(one: Member) -> tuple[bool, bool, bool, int, int, str]:
        is_late = one.published_us is not None and day_of(one.published_us) > first
        is_part = one.word_count < WHOLE * longest
        is_vague = one.published_us is None or one.published_us % DAY_US == 0
        return is_late, is_part, is_vague, one.published_us or 0, -one.word_count, one.article_id

    return sorted(members, key=rank)


def place(sightings: Iterable[Sighting]) -> list[Placement]:
    """The cluster, original and relation of each new article that has copies, in the order of ids.

    Links join groups, most similar links first, if at least half of the pairs between the two groups are copies, so
    that a chain of partial overlaps does not grow into one cluster; or if at least half of one group are copies of the
    other's original, because two papers that print different parts of a report are no copies of one another. Pairs that
    were not compared because both texts were in a crowd do not count. A roundup is a copy only of a text with the same
    words. Clusters of earlier runs are never merged or changed: an article that could join two of them joins the more
    similar one, and names one of its articles as original.
    """
    sightings = sorted(sightings, key=lambda one: one.view.article_id)
    members = {member.article_id: member for sighting in sightings for member in sighting.members}
    copies, rejected = _links_of([sighting.view for sighting in sightings], members)
    crowded = {sighting.view.article_id for sighting in sightings if sighting.view.is_crowded}
    groups = _Groups(members, copies, rejected, crowded)
    for link in sorted(copies.values(), key=lambda link: (-link.similarity, link.longer, link.shorter)):
        groups.join(link.shorter, link.longer)
    placements = [
        placement for group in groups.members() for placement in _place_group([members[one] for one in group], copies)
    ]
    return sorted(placements, key=lambda one: one.article_id)


Copies = dict[tuple[str, str], Link]


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _links_of(views: Sequence[View], members: dict[str, Member]) -> tuple[Copies, set[tuple[str, str]]]:
    roundups = {view.article_id for view in views if view.is_roundup}
    copies: Copies = {}
    rejected = set()
    for link in (link for view in views for link in view.links):
        pair = _pair(link.shorter, link.longer)
        if not link.is_copy:
            rejected.add(pair)
            continue
        is_exact = members[pair[0]].content_hash == members[pair[1]].content_hash
        is_better = pair not in copies or copies[pair].similarity < link.similarity
        if is_better and (is_exact or roundups.isdisjoint(pair)):
            copies[pair] = link
    return copies, rejected - copies.keys()


class _Groups:
    """Groups of articles that are joined link by link; each cluster of an earlier run is one group from the start."""

    def __init__(
        self, members: dict[str, Member], copies: Copies, rejected: set[tuple[str, str]], crowded: set[str]
    ) -> None:
        linked = {one for pair in copies for one in pair}
        against = {one for pair in rejected for one in pair if one in members and members[one].cluster_id is not None}
        linked |= against  # members of an earlier cluster that are no copies count against joining it
        self._group_of = {one: members[one].cluster_id or one for one in linked}
        self._facts, self._copies = members, copies
        self._original: dict[str, str | None] = {}
        self._members: dict[str, list[str]] = {}
        for one in sorted(linked):
            self._members.setdefault(self._group_of[one], []).append(one)
        self._earlier = {members[one].cluster_id for one in linked} - {None}
        # A crowded text may not have been compared with all of an earlier cluster. For a text that is not crowded, a
        # member that it was not compared with is no copy.
        crowded = crowded | {one for one in linked if members[one].cluster_id is not None}
        self._crowded = Counter(self._group_of[one] for one in linked & crowded)
        self._accepted = self._count(copies.keys())
        self._rejected = self._count(pair for pair in rejected if linked.issuperset(pair))

    def _count(self, pairs: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
        """For each group and each other group, the number of these pairs between the two."""
        between: dict[str, Counter[str]] = {group: Counter() for group in self._members}
        for one, other in pairs:
            here, there = self._group_of[one], self._group_of[other]
            if here != there:
                between[here][there] += 1
                between[there][here] += 1
        return between

    def join(self, one: str, other: str) -> None:
        """Join the groups of two articles if enough of the pairs between them are copies."""
        kept, gone = self._group_of[one], self._group_of[other]
        if kept == gone or (kept in self._earlier and gone in self._earlier) or not self._agree(kept, gone):
            return
        if gone in self._earlier or (kept not in self._earlier and len(self._members[kept]) < len(self._members[gone])):
            kept, gone = gone, kept
        for member in self._members[gone]:
            self._group_of[member] = kept
        self._members[kept] += self._members.pop(gone)
        self._original.pop(kept, None)
        self._crowded[kept] += self._crowded.pop(gone, 0)
        for between in (self._accepted, self._rejected):
            for third, count in between.pop(gone).items():
                del between[third][gone]
                if third != kept:
                    between[kept][third] += count
                    between[third][kept] += count

    def _agree(self, one: str, other: str) -> bool:
        accepted = self._accepted[one][other]
        compared = accepted + self._rejected[one][other]
        pairs = len(self._members[one]) * len(self._members[other])
        if accepted >= AGREEMENT * max(compared, pairs - self._crowded[one] * self._crowded[other]):
            return True
        return self._follows(one, other) or self._follows(other, one)

    def _follows(self, group: str, followed: str) -> bool:
        """Whether enough of a group's texts are copies of the other group's original."""
        members = self._members[group]
        if len(members) > len(self._members[followed]):
            return False
        original = self._original_of(followed)
        if original is None:
            return False
        return sum(_pair(one, original) in self._copies for one in members) >= AGREEMENT * len(members)

    def _original_of(self, group: str) -> str | None:
        """The original of a group, if more than half of the others are copies of it, as they are not in a chain.

        The original of a cluster of an earlier run is the article that it is named after, if this run has met it.
        """
        if group not in self._original:
            members = self._members[group]
            if group in self._earlier:
                self._original[group] = group if group in members else None
            else:
                original = prefer(self._facts[one] for one in members)[0].article_id
                copies = sum(_pair(one, original) in self._copies for one in members)
                self._original[group] = original if copies > AGREEMENT * (len(members) - 1) else None
        return self._original[group]

    def members(self) -> list[list[str]]:
        """The groups of more than one article."""
        return [group for group in self._members.values() if len(group) > 1]


def _place_group(group: Sequence[Member], copies: Copies) -> list[Placement]:
    new = [one for one in group if one.cluster_id is None]
    earlier = [one for one in group if one.cluster_id is not None]
    if earlier and new:
        cluster_id = str(earlier[0].cluster_id)
        earlier = [one for one in earlier if any(_pair(one.article_id, two.article_id) in copies for two in new)]
        root = next((one for one in earlier if one.article_id == cluster_id), prefer(earlier)[0])
    elif new:
        root = prefer(group)[0]
        cluster_id = root.article_id
    else:
        return []
    placements = []
    for one in new:
        if one is root:
            placements.append(Placement(one.article_id, cluster_id, Relation.ORIGINAL, None, None))
            continue
        similarity = _similarity(one, root, group, copies)
        relation = _relation(one, root)
        placements.append(Placement(one.article_id, cluster_id, relation, root.article_id, similarity))
    return placements


def _similarity(copy: Member, root: Member, group: Sequence[Member], copies: Copies) -> float:
    """The similarity of copy and root; if no link joins the two, that of the copy's best link within the group."""
    link = copies.get(_pair(copy.article_id, root.article_id))
    if link is not None:
        return link.similarity
    links = (copies.get(_pair(copy.article_id, other.article_id)) for other in group)
    return max((link.similarity for link in links if link is not None), default=0.0)


def _relation(copy: Member, root: Member) -> Relation:
    if copy.content_hash == root.content_hash:
        return Relation.EXACT
    return Relation.ABRIDGED if copy.word_count <= CLEARLY_SHORTER * root.word_count else Relation.NEAR
