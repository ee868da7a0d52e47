"""Numbers as people type them, and as authors write what they accept. Exact, and without `float(raw)`.

Python itself would take `nan`, `inf`, `1_000` and hexadecimal. What is no plain number here is None.
"""

import re
import unicodedata
from fractions import Fraction

LONGEST = 100  # characters; a longer number is none
_LARGEST = Fraction(10) ** 308
_NUM = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
_EXACT = re.compile(rf"({_NUM})")
_AROUND = re.compile(rf"({_NUM})\s*(?:\+-|±|\+/-)\s*({_NUM})\s*(%?)")
_RANGE = re.compile(rf"({_NUM})\s*\.\.\s*({_NUM})")
_TYPED = re.compile(r"([+-]?)\s*([0-9., ']+?)(?:[eE]([+-]?[0-9]{1,3}))?")
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+(?:[.,][0-9]*)?")
_SIMPLE = re.compile(r"[0-9]+[.,]?[0-9]*|[.,][0-9]+")
_SAME = str.maketrans(dict.fromkeys("−‐‑‒–—", "-") | dict.fromkeys("’‘ʼ", "'") | {"٫": ".", "٬": "'"})
# Languages in which 1,000 is a thousand; in all others it is one.
_WITH_POINT = frozenset(["en", "ja", "zh", "ko", "th", "he", "hi", "ms", "sw", "ur", "cy", "ga"])

Interval = tuple[Fraction, Fraction]


def interval(written: str) -> Interval | None:
    """(lowest, highest) that an author accepts: `42`, `42 +- 2`, `42 +- 5%`, `40..45`; both ends included.

    The ends of a range are as they are written, even if they are the wrong way round.
    """
    if len(written) > LONGEST:
        return None
    if found := _EXACT.fullmatch(written):
        return Fraction(found[1]), Fraction(found[1])
    if found := _RANGE.fullmatch(written):
        return Fraction(found[1]), Fraction(found[2])
    if found := _AROUND.fullmatch(written):
        middle, around = Fraction(found[1]), Fraction(found[2])
        around = abs(middle) * around / 100 if found[3] else around
        return middle - around, middle + around
    return None


def is_within(value: Fraction, ends: Interval) -> bool:
    """Whether a number lies between two others, which are widened by a billionth: 0.1 + 0.2 is 0.3."""
    lowest, highest = ends
    epsilon = Fraction(1, 10**9) * max(Fraction(1), abs(lowest), abs(highest))
    return lowest - epsilon <= value <= highest + epsilon


def read(raw: str, *, unit: str = "", language: str = "") -> Fraction | None:
    """The number that somebody typed, or None. Where 1,000 could be two, the `language` says which."""
    form = _form(raw, unit, language)
    value = None if form is None else Fraction(form)
    return value if value is not None and abs(value) <= _LARGEST else None


def settled(raw: str, *, unit: str, language: str) -> str:
    """What was typed; written another way where another language would read another number in it."""
    value = read(raw, unit=unit, language=language)
    same = value is None or value == read(raw, unit=unit)
    return raw if same else _form(raw, unit, language) or raw


def _form(raw: str, unit: str, language: str) -> str | None:
    """The number in ASCII, with a decimal point and no other separators, such as -1000.5e3."""
    found = _TYPED.fullmatch(_bare(raw, unit)) if len(raw) <= LONGEST else None
    plain = found and _plain(found[2].strip(), comma=_has_comma(language))
    if not found or not plain:
        return None
    return f"{found[1]}{plain}e{found[3]}" if found[3] else f"{found[1]}{plain}"


def _bare(raw: str, unit: str) -> str:
    """ASCII digits without what is around them."""
    text = _ascii(raw)
    for around in (_ascii(unit), "%"):
        if around and text.endswith(around):
            text = text.removesuffix(around).strip()
        elif around and text.startswith(around):
            text = text.removeprefix(around).strip()
    return text


def _ascii(text: str) -> str:
    compatible = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    visible = (character for character in compatible if unicodedata.category(character) != "Cf")
    digits = (str(unicodedata.decimal(each)) if each.isdecimal() else each for each in visible)
    return " ".join("".join(digits).split())


def _plain(digits: str, *, comma: bool) -> str | None:
    """Digits with a decimal point alone, such as "1000.5"."""
    if _SPACED.fullmatch(digits):
        digits = digits.replace(" ", "").replace("'", "")
    for group, point, certain in ((".", ",", comma), (",", ".", not comma)):
        groups = rf"(?!0)[0-9]{{1,3}}(?:[{group}][0-9]{{3}})"
        if re.fullmatch(
            rf"{groups}+[{point}][0-9]*|{groups}{{2,}}" + (rf"|{groups}" if certain else ""), digits
        ):
            return digits.replace(group, "").replace(point, ".")
    return digits.replace(",", ".") if _SIMPLE.fullmatch(digits) else None


def _has_comma(language: str) -> bool:
    return bool(language) and language.partition("-")[0].lower() not in _WITH_POINT
