"""Is it the same answer with a slip of the fingers? (The `typos` of the quiz format, section G.3.)"""

_FEWEST_LETTERS = {1: 4, 2: 8}  # of a word, for so many slips in it


def is_slip(typed: str, meant: str, *, most: int) -> bool:
    """Whether `typed` is `meant` with 1 to `most` slips: a letter too many, missing, wrong, or two swapped.

    Word by word; short words and those with a digit allow none.
    """
    left, right = typed.split(), meant.split()
    if typed == meant or len(left) != len(right):
        return False
    slips = 0
    for word, wanted in zip(left, right, strict=True):
        slips += _slips(word, wanted, most - slips)
        if slips > most:
            return False
    return True


def _slips(word: str, wanted: str, most: int) -> int:
    """The slips between two words; more than `most` where there are more, or where none is allowed."""
    if word == wanted:
        return 0
    letters = sum(character.isalpha() for character in wanted)
    allowed = max((n for n, fewest in _FEWEST_LETTERS.items() if n <= most and letters >= fewest), default=0)
    if any(map(str.isdigit, word + wanted)) or abs(len(word) - len(wanted)) > allowed:
        return most + 1
    found = distance(word, wanted)
    return found if found <= allowed else most + 1


def distance(left: str, right: str) -> int:
    """The optimal string alignment distance: letters added, dropped, replaced, and neighbours swapped."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
