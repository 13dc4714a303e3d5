"""Rich text (RTF): striprtf finds the characters; what it would lose or let through is dealt with before.

Footnotes are taken out and put at the end, deleted revisions and the addresses of links go. Windows-1252 and the
other code pages, Unicode escapes and their fallback characters are striprtf's work. RTF specification 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from striprtf.striprtf import rtf_to_text

from nlp.errors import UnreadableError
from nlp.readers.document_pieces import piece
from nlp.readers.documents import read_document
from nlp.readers.formats import ReadNested
from nlp.readers.pieces import Piece
from nlp.readers.reading import Reading

READER = "rtf/1"
#: Word nests some ten groups; striprtf keeps a list of all that are open.
DEEPEST = 500
#: What striprtf raises on code pages that do not exist and characters that no number can be.
DAMAGE = (ValueError, LookupError, TypeError, OverflowError, AttributeError)

_TOKEN = re.compile(r"\\bin(?P<bin>\d{1,9}) ?|\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,9})? ?|\\[^a-z]|(?P<brace>[{}])")
_FONT = re.compile(r"\\f(?P<id>\d{1,6})(?!\d)")
_CHARSET = re.compile(r"\\fcharset(?P<set>\d{1,3})(?!\d)")
_ROW_END = re.compile(r"(?:[ \t]*\|[ \t]*)+")


@dataclass(slots=True)
class _Group:
    """A group that is open: where it began, and the first word that says it is more than formatting."""

    start: int
    kind: str = ""


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """A rich text document: an article, or the many of an export. Raises UnreadableError when nothing is in it."""
    return read_document(rtf_pieces(data), format="rtf", reader=READER, source=source, named=None)


def rtf_pieces(data: bytes) -> list[Piece]:
    """The paragraphs of a rich text document, footnotes last. Raises UnreadableError."""
    text = data.decode("cp1252", "replace")
    body, notes = _apart(text)
    pieces = list(_paragraphs(_plain(body)))
    for number, note in enumerate(notes, 1):
        pieces += piece(f"{number}. {' '.join(_plain(_as_document(note)).split())}")
    return pieces


def _as_document(group: str) -> str:
    return "{\\rtf1\\ansi " + group.replace("\\footnote", "", 1).replace("\\chftn", "") + "}"


def _plain(text: str) -> str:
    try:
        # As "xe" a field's instructions are left out too, and no address is put behind the words of a link.
        plain: str = rtf_to_text(text.replace("\\fldinst", "\\xe"), errors="replace")  # type: ignore[no-untyped-call]
    except DAMAGE:
        raise UnreadableError("is a rich text document that is damaged", do="save it anew, or as text") from None
    # Characters beyond the first 65,536 are written as two halves.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _paragraphs(plain: str) -> Iterator[Piece]:
    for line in plain.split("\n"):
        yield from piece(_ROW_END.sub(" | ", line).strip(" |\t") if "|" in line else line)


def _apart(text: str) -> tuple[str, Sequence[str]]:
    """The document without what was deleted and without its footnotes, and these. Raises UnreadableError."""
    kept, notes, at = [], [], 0
    for group, end in _groups(text):
        if group.start < at:  # inside of one that is out already
            continue
        kept.append(text[at : group.start])
        at = end
        if group.kind == "footnote":
            notes.append(text[group.start : end])
        elif group.kind == "fonttbl":
            kept.append(_fonts(text[group.start : end]))
    return "".join([*kept, text[at:]]), notes


def _fonts(table: str) -> str:
    """A table of the fonts' numbers and character sets, a line each: striprtf takes quadratic time over long lines."""
    rows = ((_FONT.search(each), _CHARSET.search(each)) for each in table.split(";"))
    found = "".join(f"{{\\f{font['id']}\\fcharset{charset['set']} A;}}\n" for font, charset in rows if font and charset)
    return f"{{\\fonttbl{found}}}"


def _groups(text: str) -> Iterator[tuple[_Group, int]]:
    """Footnotes, fonts and deleted groups with their ends, from the front; one inside of another is not told."""
    found: list[tuple[_Group, int]] = []
    open_groups: list[_Group] = []
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end() + int(match["bin"] or 0)
        if match["brace"] == "{":
            open_groups.append(_Group(match.start()))
            _refuse_deep(open_groups)
        elif match["brace"] and open_groups:
            group = open_groups.pop()
            if group.kind and not any(each.kind for each in open_groups):
                found.append((group, at))
        elif open_groups and _is_apart(match) and len(open_groups) > 1:
            open_groups[-1].kind = open_groups[-1].kind or match["word"]
    found += [(group, len(text)) for group in open_groups if group.kind][:1]
    return iter(sorted(found, key=lambda pair: pair[0].start))


def _is_apart(match: re.Match[str]) -> bool:
    return match["word"] in ("footnote", "deleted", "fonttbl") and match["number"] != "0"


def _refuse_deep(groups: Sequence[_Group]) -> None:
    if len(groups) > DEEPEST:
        raise UnreadableError("is a rich text document nested too deep", do="save it anew, or as text")
