"""Words as search compares them: cut from a text, folded, and asked for.

Every database is handed words that were cut and folded here, and so is the passage in which
they are marked. No engine's own idea of a word, of an accent or of a query comes into it: the
same question finds the same pages on each, and there is nothing in it that one could refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 40  # characters that are compared; the rest of a longer one does not count
LONGEST_QUESTION = 200  # characters that are read
MOST_PHRASES = 8
GOES_ON_FROM = 2  # letters: what is shorter is a word of its own

# Scripts without spaces are cut into characters; marks above and below letters belong to their word.
_APART = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f"
_WORD = re.compile(f"[{_APART}]|[^\\W_{_APART}](?:[^\\W_{_APART}]|[{_MARKS}])*")
_PHRASE = re.compile(r'"([^"]*)"?|([^\s"]+)')
_BEFORE_IES = re.compile(r"(?<=\w{3})ie?$")
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)

# How an English word of several loses its ending; the first that fits. Others keep theirs.
_PLURALS = (
    ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("ies", "y"),
    ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
)  # fmt: skip


class Word(NamedTuple):
    """A word where it stands in a text."""

    start: int
    end: int
    folded: str


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order."""
    for found in _WORD.finditer(text):
        if folded := fold(found[0]):
            yield Word(found.start(), found.end(), folded)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word as it is compared: without case, accents and forms of letters, one of several as one."""
    if word.isascii():
        folded = word.lower()
    else:
        # Folding case undoes compositions, and taking letters apart brings out others' case.
        apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
        folded = "".join(filter(str.isalnum, apart))
    return _singular(folded)[:LONGEST_WORD]


def _singular(word: str) -> str:
    if len(word) > 3 and word[-1] == "s":
        for ending, instead in _PLURALS:
            if word.endswith(ending):
                return word.removesuffix(ending) + instead
    return word


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for: phrases that must all be there, each of one word or more.

    `goes_on`: the last word of the last phrase is the beginning of one.
    """

    phrases: tuple[tuple[str, ...], ...]
    goes_on: bool = False

    @classmethod
    def read(cls, text: str) -> Question:
        """Read what was typed: plain words, "phrases", and what is joined by signs (`a-b`) as a phrase."""
        phrases: list[tuple[str, ...]] = []
        quoted = False
        for found in _PHRASE.finditer(text[:LONGEST_QUESTION].translate(_QUOTES)):
            phrase = tuple(word.folded for word in words(found[1] or found[2] or ""))
            if phrase and len(phrases) < MOST_PHRASES:
                phrases.append(phrase)
                quoted = found[1] is not None
        if not phrases or quoted or len(phrases[-1][-1]) < GOES_ON_FROM:
            return cls(tuple(phrases))
        *firsts, last = phrases[-1]
        # "compani" may become "companies", which is compared as "company".
        return cls((*phrases[:-1], (*firsts, _BEFORE_IES.sub("", last))), goes_on=True)

    def __bool__(self) -> bool:
        return bool(self.phrases)

    @property
    def together(self) -> tuple[str, ...]:
        """All words in their order, as one phrase."""
        return tuple(word for phrase in self.phrases for word in phrase)

    def found_in(self, text: str) -> list[tuple[Word, Word, int]]:
        """Where the phrases stand in a text: first word, last word, and which phrase it is."""
        there = list(words(text))
        begins: dict[str, list[int]] = {}
        for number, phrase in enumerate(self.phrases):
            begins.setdefault(phrase[0], []).append(number)
        # Only a phrase of one word that goes on may begin with a word that is not written here.
        beginning = self.phrases[-1][0] if self.goes_on and len(self.phrases[-1]) == 1 else None
        found = []
        for place, word in enumerate(there):
            numbers = begins.get(word.folded, ())
            if beginning and word.folded.startswith(beginning) and word.folded != beginning:
                numbers = [*numbers, len(self.phrases) - 1]
            for number in numbers:
                end = place + len(self.phrases[number])
                if self._fits(number, there[place:end]):
                    found.append((word, there[end - 1], number))
        return found

    def _fits(self, number: int, there: list[Word]) -> bool:
        phrase = self.phrases[number]
        if len(there) < len(phrase):
            return False
        *firsts, last = (word.folded for word in there)
        is_open = self.goes_on and number == len(self.phrases) - 1
        return tuple(firsts) == phrase[:-1] and (
            last.startswith(phrase[-1]) if is_open else last == phrase[-1]
        )
