"""Which texts to compare: those that share index keys, with a few heads standing for a crowd.

Comparing all pairs of a posting list costs the square of its length, and cutting the list off tears a much-copied
story into pieces. So each text of a list is paired with the list's `HEADS` longest texts only: what is a copy of a
much-copied story is, above all, a part of its longest versions; and what shares no more than a house footer meets
enough others with that footer to see that it is one (`compare`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.fingerprint import from_bytes
from transforms.text.shingles import Hashes

COMMON_GROUPS: Final = 14
"""A shingle that stands in more unrelated texts than this is boilerplate: a footer, a template, a caption."""

HEADS: Final = 24
"""Texts of a posting list that all others are paired with: enough more than `COMMON_GROUPS` to prove a footer."""

VIEW: Final = 60
"""Texts that one text is compared with at most."""

SHORT_WORDS: Final = 200
"""A pair with a text under this length needs one key in common to be likely, any other two …"""

WORDS_PER_SHARED_KEY: Final = 100
"""… and one for each 100 words of the shorter. A copy by the mildest rule (a third of the shingles) shares two."""


_LOW_BITS: Final = np.uint64((1 << 20) - 1)


class Postings(NamedTuple):
    """Which article has which key: `keys[i]` stands in the text `article_ids[owners[i]]`, `word_counts` long."""

    keys: Hashes
    owners: NDArray[np.int64]
    article_ids: Sequence[str]
    word_counts: NDArray[np.int64]


class Pairs(NamedTuple):
    """Ordered pairs: `article_ids[members[i]]` is to see `article_ids[heads[i]]`; they share `shared[i]` keys.

    `rare[i]` of these keys stand in no more than `HEADS` texts.
    """

    members: NDArray[np.int32]
    heads: NDArray[np.int32]
    shared: NDArray[np.int32]
    rare: NDArray[np.int32]
    article_ids: Sequence[str]
    word_counts: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs, with no more articles than they name."""
        both = np.concatenate((self.members[chosen], self.heads[chosen]))
        present, renumbered = np.unique(both, return_inverse=True)
        members, heads = np.split(renumbered, 2)
        ids = tuple(self.article_ids[one] for one in present)
        return Pairs(
            members.astype(np.int32),
            heads.astype(np.int32),
            self.shared[chosen],
            self.rare[chosen],
            ids,
            self.word_counts[present],
        )


class Sight(NamedTuple):
    """What one text is to see: `others`, those that share most keys first, and the longest of likely ones and itself.

    Texts that are copies of one another mostly have one `leader`: compared where it is, they travel together.
    """

    leader: str
    others: list[str]


def postings_of(fingerprints: Sequence[Fingerprint]) -> Postings:
    """The index entries of fingerprints of distinct articles."""
    return Postings(
        keys=from_bytes(b"".join(one.keys for one in fingerprints)),
        owners=np.repeat(np.arange(len(fingerprints)), [len(one.keys) // 8 for one in fingerprints]),
        article_ids=tuple(one.article_id for one in fingerprints),
        word_counts=np.array([one.word_count for one in fingerprints], dtype=np.int64),
    )


def split_by_range(postings: Postings, ranges: int) -> Iterable[tuple[int, Postings]]:
    """The entries of each of `ranges` ranges of the key space that has any."""
    range_of = ((postings.keys >> np.uint64(32)) * np.uint64(ranges) >> np.uint64(32)).astype(np.int64)
    for number in np.unique(range_of):
        mine = range_of == number
        present, owners = np.unique(postings.owners[mine], return_inverse=True)
        ids = tuple(postings.article_ids[owner] for owner in present)
        yield int(number), Postings(postings.keys[mine], owners, ids, postings.word_counts[present])


def joined(parts: Sequence[Postings]) -> Postings:
    """Postings as one. An article that several of them name is one article, with the largest of its word counts."""
    if not parts:
        return postings_of([])
    named = [article_id for part in parts for article_id in part.article_ids]
    numbers: dict[str, int] = {}
    number = np.fromiter((numbers.setdefault(one, len(numbers)) for one in named), dtype=np.int64, count=len(named))
    word_counts = np.zeros(len(numbers), dtype=np.int64)
    np.maximum.at(word_counts, number, np.concatenate([part.word_counts for part in parts]))
    offsets = np.cumsum([0, *(len(part.article_ids) for part in parts)])
    return Postings(
        keys=np.concatenate([part.keys for part in parts]),
        owners=np.concatenate([number[part.owners + offset] for part, offset in zip(parts, offsets[:-1], strict=True)]),
        article_ids=tuple(numbers),
        word_counts=word_counts,
    )


def candidate_pairs(run: Postings, earlier: Postings) -> Pairs:
    """Each article of the run with the longest articles, of this run or an earlier one, that share a key with it.

    An earlier entry of an article that the run holds too is its former revision, and is left out.
    """
    earlier = without(earlier, frozenset(run.article_ids))
    everything = joined((run, earlier))
    ids = np.array(everything.article_ids, dtype=np.str_)
    by_preference = np.lexsort((ids, -everything.word_counts))
    rank = np.empty(ids.size, dtype=np.int64)
    rank[by_preference] = np.arange(ids.size)

    # Most keys stand in one text only; those that may not are told by counting their lowest bits, and alone sorted.
    low_bits = (everything.keys & _LOW_BITS).astype(np.intp)
    is_met = np.bincount(low_bits, minlength=int(_LOW_BITS) + 1)[low_bits] > 1
    keys, owners = everything.keys[is_met], everything.owners[is_met]
    order = np.lexsort((rank[owners], keys))
    keys, owners = keys[order], owners[order]
    is_new_entry = np.append(True, (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1]))[: keys.size]
    keys, owners = keys[is_new_entry], owners[is_new_entry]  # two revisions of an article have most keys in common
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: keys.size])
    lengths = np.diff(np.append(starts, keys.size))
    list_of = np.repeat(np.arange(starts.size), lengths)
    is_new = owners < len(run.article_ids)

    members, heads, is_rare = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.bool_)]
    entries = np.flatnonzero(is_new)
    for place in range(HEADS):
        entries = entries[lengths[list_of[entries]] > max(place, 1)]
        if not entries.size:
            break
        members.append(owners[entries])
        heads.append(owners[starts[list_of[entries]] + place])
        is_rare.append(lengths[list_of[entries]] <= HEADS)
    met = (np.concatenate(members) * ids.size + np.concatenate(heads)) << 1 | np.concatenate(is_rare)
    met.sort()
    pairs = met >> 1
    firsts = np.flatnonzero(np.append(True, pairs[1:] != pairs[:-1])[: pairs.size])
    shared = np.diff(np.append(firsts, pairs.size))
    rare = np.diff(np.append(0, np.cumsum(met & 1))[np.append(firsts, pairs.size)])
    pairs = pairs[firsts]
    member, head = pairs // max(ids.size, 1), pairs % max(ids.size, 1)
    apart = member != head
    return Pairs(
        member[apart].astype(np.int32),
        head[apart].astype(np.int32),
        shared[apart].astype(np.int32),
        rare[apart].astype(np.int32),
        everything.article_ids,
        everything.word_counts,
    )


def without(postings: Postings, article_ids: frozenset[str]) -> Postings:
    """The entries of all other articles."""
    kept = np.array([article_id not in article_ids for article_id in postings.article_ids], dtype=bool)
    if kept.all():
        return postings
    entries = kept[postings.owners]
    renumbered = np.cumsum(kept) - 1
    return Postings(
        keys=postings.keys[entries],
        owners=renumbered[postings.owners[entries]],
        article_ids=tuple(one for one, keep in zip(postings.article_ids, kept, strict=True) if keep),
        word_counts=postings.word_counts[kept],
    )


def views(parts: Iterable[Pairs]) -> dict[str, Sight]:
    """What each article with a likely copy is to see.

    `parts` are the pairs of all ranges of the key space, in any order. Where more are like a text than `COMMON_GROUPS`,
    even unlikely ones are in view, because they tell what is a footer; at most `VIEW` in all, `HEADS` for a text that
    shares with crowds only. Those that share rare keys come first: a crowd with one footer must not hide the one
    text copied.
    """
    parts = [part for part in parts if part.members.size]
    if not parts:
        return {}
    ids, number = np.unique([one for part in parts for one in part.article_ids], return_inverse=True)
    words = np.zeros(ids.size, dtype=np.int64)
    words[number] = np.concatenate([part.word_counts for part in parts])
    numbers = np.split(number, np.cumsum([len(part.article_ids) for part in parts])[:-1])
    codes = [own[part.members] * ids.size + own[part.heads] for own, part in zip(numbers, parts, strict=True)]
    pairs, inverse = np.unique(np.concatenate(codes), return_inverse=True)
    shared = np.bincount(inverse, weights=np.concatenate([part.shared for part in parts]))
    rare = np.bincount(inverse, weights=np.concatenate([part.rare for part in parts]))
    members, heads = pairs // ids.size, pairs % ids.size

    shorter = np.minimum(words[members], words[heads])
    is_likely = shared >= np.maximum(np.where(shorter < SHORT_WORDS, 1, 2), shorter / WORDS_PER_SHARED_KEY)
    is_kept = (np.bincount(members, weights=is_likely, minlength=ids.size) > 0)[members]
    is_kept &= is_likely | (shared >= 2) & (np.bincount(members, minlength=ids.size) > COMMON_GROUPS)[members]
    order = np.lexsort((heads, -words[heads], -shared, -rare, members))
    order = order[is_kept[order]]
    members, heads, is_likely, rare = members[order], heads[order], is_likely[order], rare[order]
    starts = np.flatnonzero(np.diff(members, prepend=-1))
    if not starts.size:
        return {}
    ends = np.append(starts[1:], members.size)
    by_length = np.lexsort((np.arange(ids.size), -words))
    rank = np.empty(ids.size, dtype=np.int64)
    rank[by_length] = np.arange(ids.size)
    leaders = np.minimum(np.minimum.reduceat(np.where(is_likely, rank[heads], ids.size), starts), rank[members[starts]])
    names = ids.tolist()
    limits = np.where(np.maximum.reduceat(is_likely & (rare > 0), starts), VIEW, HEADS)
    ends = np.minimum(ends, starts + limits)
    return {
        names[member]: Sight(names[by_length[leader]], [names[head] for head in seen])
        for member, leader, seen in zip(
            members[starts].tolist(),
            leaders.tolist(),
            (heads[start:end].tolist() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)),
            strict=True,
        )
    }
