"""When do two texts read the same? (The *loose* comparison of the quiz format, section G.3.)"""

import hashlib
import html
import re
import unicodedata

_CODE = re.compile(r"(`[^`]*`)")
_TAG = re.compile(r"<[^>]*>")
_SAME = str.maketrans(
    dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)


def normalised(text: str) -> str:
    """The text without what readers overlook: case, space, kinds of quotes and dashes, closing punctuation.

    Accents stay, and text in backticks stays as it is: `foo` and `FOO` are two answers.
    """
    parts = _CODE.split(text)
    parts[::2] = [_folded(part) for part in parts[::2]]
    whole = " ".join("".join(parts).split())
    return whole.rstrip(".!?,;: ") or whole


def plain(markup: str) -> str:
    """HTML as one line of text, for where there is room for nothing else."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def loose(text: str) -> str:
    """A typed answer as `match: loose` compares it: as `normalised`, and backticks are nothing special."""
    whole = " ".join(_folded(text).split())
    return whole.rstrip(".!?,;:… ") or whole


def exact(text: str) -> str:
    """A typed answer as `match: exact` compares it: only the kind of space does not matter."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def short_hash(text: str) -> str:
    """The first 8 hex digits of the SHA-256 of the normalised text: the key of what has no other name."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:8]


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()  # which has one form only and no invisible characters
    compatible = unicodedata.normalize("NFKC", text)
    visible = "".join(character for character in compatible if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", visible.translate(_SAME).casefold())
