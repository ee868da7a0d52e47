"""The catalogue's page: paths, and the modules that stand in none; or what one looks for, wherever it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from courses import access
from learning.catalogue import Card, cards_for
from learning.paths import PathCard, paths_with

_RANK = ["asked", "under_way", "not_started", "done", "empty"]


@dataclass(frozen=True, slots=True)
class Shelves:
    """What the catalogue shows one person.

    `tags` and `categories` are all that there are to choose from; `tag` and `category` what
    was chosen ("" for none).
    """

    paths: list[PathCard]
    cards: list[Card]
    tags: list[str]
    categories: list[str]
    tag: str = ""
    category: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether only a part is shown."""
        return bool(self.tag or self.category)


def shelves_for(user: User, *, tag: str = "", category: str = "") -> Shelves:
    """The catalogue as one person sees it, in a fixed number of queries.

    Unfiltered, a path stands for what is below it. Filtered, everything that fits is there:
    a path, and each module, also one that a path leads through.
    """
    cards = cards_for(user)
    paths = paths_with(access.paths_for(user), cards)
    everything: list[Card | PathCard] = [*cards, *paths.values()]
    tags = _sorted(tag for found in everything for tag in found.tags)
    categories = _sorted(name for found in everything for name in found.categories)
    tag, category = tag if tag in tags else "", category if category in categories else ""
    if tag or category:
        shown = [p for p in paths.values() if _fits(p, tag, category)]
        return Shelves(shown, [c for c in cards if _fits(c, tag, category)], tags, categories, tag, category)
    below = {line.path.uuid for path in paths.values() for line in path.lines if line.path}
    led_through = {member.card.uuid for path in paths.values() for member in path.members}
    top = sorted((p for p in paths.values() if p.uuid not in below), key=lambda p: _RANK.index(p.state))
    return Shelves(top, [card for card in cards if card.uuid not in led_through], tags, categories)


def _fits(found: Card | PathCard, tag: str, category: str) -> bool:
    return (not tag or tag in found.tags) and (not category or category in found.categories)


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=lambda name: (name.casefold(), name))
