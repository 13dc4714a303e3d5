"""Names made comparable: what differs only in case, accents of type or punctuation is one name."""

from __future__ import annotations

import unicodedata


def normalise_name(name: str) -> str:
    """Lower case, no punctuation, single spaces, "and" for "&", no leading "the"."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    words = "".join(letter if letter.isalnum() else " " for letter in folded).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
