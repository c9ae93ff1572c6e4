"""Chooses which texts to compare: pairs that share index keys, with the longest texts (heads) standing for a crowd.

A posting list holds all texts with one key. Comparing all of its pairs costs the square of its length, and cutting the
list off tears a much-copied story into pieces. So each text of a list is paired only with the list's `HEADS` longest
texts. A copy of a much-copied story is, above all, a part of its longest versions. A text that shares only a house
footer meets enough other texts with that footer for `compare` to recognise it as one.
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
"""A shingle in more unrelated texts than this is boilerplate: a footer, a template, a caption."""

HEADS: Final = 24
"""How many texts of a posting list all others are paired with; enough above `COMMON_GROUPS` to prove a footer."""

VIEW: Final = 60
"""The largest number of texts that one text is compared with."""

SHORT_WORDS: Final = 200
"""A pair is likely with one shared key if one of its texts is shorter than this, otherwise with two …"""

WORDS_PER_SHARED_KEY: Final = 100
"""… and with at least one for each 100 words of the shorter. A copy by the mildest rule (a third of the shingles)
shares two."""


MEETINGS_AT_ONCE: Final = 2_000_000
"""Meetings of a text with a head of one of its lists that are counted at a time; about 60 MB of arrays."""

_NONE: Final = np.empty(0, np.int64)
_LOW_BITS: Final = np.uint64((1 << 20) - 1)


class Postings(NamedTuple):
    """Index entries: `article_ids[owners[i]]` has the key `keys[i]`; `word_counts` has one number for each article."""

    keys: Hashes
    owners: NDArray[np.int64]
    article_ids: Sequence[str]
    word_counts: NDArray[np.int64]


class Pairs(NamedTuple):
    """Ordered pairs: `article_ids[members[i]]` is to be compared with `article_ids[heads[i]]`.

    The two share `shared[i]` keys, of which `rare[i]` are in no more than `HEADS` texts.
    """

    members: NDArray[np.int32]
    heads: NDArray[np.int32]
    shared: NDArray[np.int32]
    rare: NDArray[np.int32]
    article_ids: Sequence[str]
    word_counts: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> Pairs:
        """The chosen pairs, with only the articles that they name."""
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
    """The texts that one text is to be compared with: `others`, in order of rare, then of all shared keys.

    `leader` is the longest of the text itself and its likely copies. Copies of one another mostly have the same leader,
    so sorting by leader brings them into one batch.
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
    """The entries of each range, by its number, when the key space is cut into `ranges`; empty ranges are left out."""
    numbers = range_of(postings.keys, ranges)
    for number in np.unique(numbers):
        mine = numbers == number
        present, owners = np.unique(postings.owners[mine], return_inverse=True)
        ids = tuple(postings.article_ids[owner] for owner in present)
        yield int(number), Postings(postings.keys[mine], owners, ids, postings.word_counts[present])


def range_of(keys: Hashes, ranges: int) -> NDArray[np.int64]:
    """The number of the range in which each key lies when the key space is cut into so many `ranges`, in order."""
    return ((keys >> np.uint64(32)) * np.uint64(ranges) >> np.uint64(32)).astype(np.int64)


def joined(parts: Sequence[Postings]) -> Postings:
    """All postings in one. An article that several parts name becomes one article, with the largest word count."""
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
    """Pairs of each article of the run with the longest articles, of this or an earlier run, that share a key with it.

    Earlier entries of an article that is in the run too are its former revision; they are left out.
    """
    earlier = without(earlier, frozenset(run.article_ids))
    everything = joined((run, earlier))
    ids = np.array(everything.article_ids, dtype=np.str_)
    by_preference = np.lexsort((ids, -everything.word_counts))
    rank = np.empty(ids.size, dtype=np.int64)
    rank[by_preference] = np.arange(ids.size)

    # Most keys are in one text only. Counting lowest bits finds the keys that may be in more; only these are sorted.
    low_bits = (everything.keys & _LOW_BITS).astype(np.intp)
    is_met = np.bincount(low_bits, minlength=int(_LOW_BITS) + 1)[low_bits] > 1
    keys, owners = everything.keys[is_met], everything.owners[is_met]
    order = np.lexsort((rank[owners], keys))
    keys, owners = keys[order], owners[order]
    is_new_entry = np.append(True, (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1]))[: keys.size]
    keys, owners = keys[is_new_entry], owners[is_new_entry]  # two revisions of an article share most keys
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: keys.size])
    lengths = np.diff(np.append(starts, keys.size))
    list_of = np.repeat(np.arange(starts.size), lengths)
    is_new = owners < len(run.article_ids)

    entries = np.flatnonzero(is_new & (lengths[list_of] > 1))
    meetings = np.bincount(owners[entries], np.minimum(lengths[list_of[entries]], HEADS), minlength=1)
    batch_of = (np.cumsum(meetings) // MEETINGS_AT_ONCE).astype(np.int64)[owners[entries]]
    found = [
        _met(owners, starts, lengths, list_of, entries[batch_of == number], ids.size) for number in np.unique(batch_of)
    ]
    pairs, shared, rare = (np.concatenate(some) for some in zip(*found, strict=True)) if found else [_NONE] * 3
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


def _met(
    owners: NDArray[np.int64],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    list_of: NDArray[np.int64],
    entries: NDArray[np.int64],
    size: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The pairs in which the owners of these entries meet the heads of their lists, as ``member * size + head``, in
    order; how many lists each pair shares, and how many of these are no longer than `HEADS`."""
    met = [_NONE]
    for place in range(HEADS):
        entries = entries[lengths[list_of[entries]] > place]
        if not entries.size:
            break
        pairs = owners[entries] * size + owners[starts[list_of[entries]] + place]
        met.append(pairs << 1 | (lengths[list_of[entries]] <= HEADS))
    all_met = np.concatenate(met)
    del met
    all_met.sort()
    firsts = np.flatnonzero(np.append(True, (all_met[1:] ^ all_met[:-1]) > 1)[: all_met.size])
    shared = np.diff(np.append(firsts, all_met.size))
    rare = np.add.reduceat(all_met & 1, firsts) if firsts.size else _NONE
    return all_met[firsts] >> 1, shared, rare


def without(postings: Postings, article_ids: frozenset[str]) -> Postings:
    """The postings without the entries of these articles."""
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
    """For each article with a likely copy, the articles to compare it with.

    `parts` are the pairs of all ranges of the key space, in any order. If a text is paired with more than
    `COMMON_GROUPS` others, unlikely ones with two shared keys are kept too, because they show what is a footer. A text
    is compared with at most `VIEW` others, or `HEADS` if no likely copy shares a rare key with it. Texts that share
    rare keys come first: a crowd with one footer must not hide the one text that was copied.
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
