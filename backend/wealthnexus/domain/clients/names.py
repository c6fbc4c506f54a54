"""Names as they are searched and sorted: case folded, accents removed, one space between words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WORD_CHARACTERS_MAX: Final = 60
WORDS_MAX: Final = 40
_WORD: Final = re.compile(r"[^\W_]+")


def normalised(text: str) -> str:
    """``Müller  & Söhne`` -> ``muller & sohne``: for sorting, and for finding a part of a name."""
    # Decomposing may bring capitals (№ is No), folding may bring marks: one after the other, then again.
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


def words(*texts: str | None) -> list[str]:
    """The words of the texts, each once, normalised, at most 40 of at most 60 characters."""
    found = dict.fromkeys(
        word[:WORD_CHARACTERS_MAX] for text in texts if text for word in _WORD.findall(normalised(text))
    )
    return list(found)[:WORDS_MAX]
