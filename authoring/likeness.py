"""Which pages that are new are like pages that are gone; pure, and bounded whatever their number."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from authoring.textdiff import alike

SHARE = 0.5  # two texts are alike when they have more than this of their words in common
MOST = 2_500  # pairs of texts that are compared word by word; beyond, names alone say what to compare


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: who it is, where it stands, and its text without the front matter."""

    uuid: str
    path: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A page that is gone, a new one that is like it, and how much of their words they share (0 to 1)."""

    gone: Leaf
    new: Leaf
    share: float


def pairs(
    gone: Sequence[Leaf], new: Sequence[Leaf], *, apart: Collection[tuple[str, str]] = ()
) -> list[Pair]:
    """What may be the same page, each page in one pair at most, in the order of the new ones.

    Alike are two texts that share more than half of their words, and two pages with the
    same title. What is most alike is paired first. `apart` are (gone, new) uuids that are
    known to be two pages.
    """
    ranked = sorted(_candidates(gone, new), key=_rank)
    taken: set[str] = set()
    found: dict[str, Pair] = {}
    for pair in ranked:
        uuids = pair.gone.uuid, pair.new.uuid
        if uuids not in apart and taken.isdisjoint(uuids):
            taken.update(uuids)
            found[pair.new.uuid] = pair
    return [found[leaf.uuid] for leaf in new if leaf.uuid in found]


def pair(gone: Leaf, new: Leaf) -> Pair:
    """Two pages that are known to be asked about."""
    return Pair(gone, new, alike(gone.text, new.text))


def _rank(pair: Pair) -> tuple[float, bool, bool]:
    """Of pairs that are equally alike, those with the same title and file name come first."""
    return -pair.share, pair.gone.title != pair.new.title, _name(pair.gone) != _name(pair.new)


def _candidates(gone: Sequence[Leaf], new: Sequence[Leaf]) -> Iterator[Pair]:
    few = len(gone) * len(new) <= MOST
    texts: dict[str, list[Leaf]] = defaultdict(list)
    for leaf in new:
        texts[leaf.text].append(leaf)
    for was in gone:
        same = texts.get(was.text, [])
        yield from (Pair(was, now, 1.0) for now in same)
        if same and not few:
            continue
        for now in new:
            named = was.title == now.title
            if now.text != was.text and (few or named or _name(was) == _name(now)):
                share = alike(was.text, now.text)
                if named or share > SHARE:
                    yield Pair(was, now, share)


def _name(leaf: Leaf) -> str:
    return posixpath.basename(leaf.path)
