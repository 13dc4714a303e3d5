"""E-mail (RFC 5322): the letter or newsletter, what it sends on, and every attachment as the file that it is.

The subject is the title. The sender is the author; where the message went out to a list, its name is the publisher's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email.message import Message
from email.utils import parseaddr
from functools import cache

import corpora
from nlp.errors import UnreadableError
from nlp.readers.formats import ReadNested
from nlp.readers.forwarded import SentOn, sent_on
from nlp.readers.fragment import fragment
from nlp.readers.items import Item, make_article, reason, shown
from nlp.readers.mail_parts import body_of, children, decoded, header, is_cut, leaves, parse, text_of
from nlp.readers.mail_text import unwrap
from nlp.readers.pieces import Piece, plain
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.stamps import read_stamp
from nlp.records import Article

READER = "eml/1"
#: A shorter text beside something that is sent on or attached is a covering note.
NOTE_WORDS = 30
#: A message in a message in a message is read; what lies deeper is refused.
DEEPEST = 2

_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_SHOWN = ("image", "audio", "video", "font")


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """The articles of a message. Raises UnreadableError when there is no text in it."""
    found = _Found(nested)
    found.take(parse(data), source, depth=0)
    if not found.articles and not found.skipped and not found.withdrawn:
        raise UnreadableError("is a message without a text")
    return Reading(
        format="eml", articles=tuple(found.articles), skipped=tuple(found.skipped), withdrawn=tuple(found.withdrawn)
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """A message taken apart: its own text, and what hangs on it."""

    html: Message | None
    text: Message | None
    attached: tuple[Message, ...]


class _Found:
    """What the message and the messages in it gave so far."""

    def __init__(self, nested: ReadNested) -> None:
        self.nested = nested
        self.articles: list[Article] = []
        self.skipped: list[SkippedItem] = []
        self.withdrawn: list[str] = []

    def take(self, message: Message, source: str, *, depth: int) -> None:
        parts = _take_apart(message)
        last = list(leaves(message))[-1]
        self._body(message, parts, source)
        for number, part in enumerate(parts.attached, 1):
            if is_cut(message) and part is last:
                self.skipped.append(SkippedItem(header_name(part) or f"attachment {number}", "is cut off"))
            else:
                self._attachment(part, f"attachment {number}", source, depth)
        if is_cut(message) and last not in parts.attached:
            self.skipped.append(SkippedItem("end of file", "the message is cut off: parts of it are missing"))

    def _body(self, message: Message, parts: _Parts, source: str) -> None:
        try:
            item, note = _letter(message, parts, source)
        except UnreadableError as error:
            if not parts.attached:
                self.skipped.append(SkippedItem("message", reason(error)))
            return
        words = sum(len(piece.text.split()) for piece in item.pieces)
        if words < NOTE_WORDS and parts.attached:
            self.skipped.append(SkippedItem("message", f"is a covering note of {words} words"))
            return
        self.articles.append(make_article(item, reader=READER))
        if note:
            self.skipped.append(SkippedItem("covering note", f"{note} words above the message that is sent on"))

    def _attachment(self, part: Message, where: str, source: str, depth: int) -> None:
        name = header_name(part) or where
        if part.get_content_type() == "message/rfc822" and children(part):
            if depth == DEEPEST:
                self.skipped.append(SkippedItem(name, "lies too deep in other messages"))
            else:
                self.take(children(part)[0], f"{source}/{name}", depth=depth + 1)
            return
        if part.get_content_type() in _ENCRYPTED:
            self.skipped.append(SkippedItem(name, "is encrypted (save it decrypted)"))
            return
        try:
            inner = self.nested(body_of(part), source=f"{source}/{name}")
        except UnreadableError as error:
            self.skipped.append(SkippedItem(name, reason(error)))
            return
        self.articles += [replace(article, reader=f"{READER} {article.reader}") for article in inner.articles]
        self.skipped += [SkippedItem(f"{name}: {item.where}", item.reason) for item in inner.skipped]
        self.withdrawn += inner.withdrawn


def _take_apart(message: Message) -> _Parts:
    html, text, attached = None, None, []
    for part in leaves(message):
        kind, named = part.get_content_type(), part.get_content_disposition() == "attachment"
        if kind == "text/html" and html is None and not named:
            html = part
        elif kind == "text/plain" and text is None and not named:
            text = part
        elif kind not in _SIGNATURES and (named or part.get_content_maintype() not in _SHOWN):
            attached.append(part)
    return _Parts(html, text, tuple(attached))


def header_name(part: Message) -> str | None:
    """The file name of an attachment, without any folder."""
    named = part.get_param("filename", header="content-disposition") or part.get_param("name")
    value = named[2] if isinstance(named, tuple) else named
    return shown(re.split(r"[/\\]", decoded(value))[-1].strip()) or None if isinstance(value, str) else None


def _letter(message: Message, parts: _Parts, source: str) -> tuple[Item, int]:
    """The message as an item, and how many words of a note stand above what it sends on."""
    found = sent_on(_pieces(parts))
    name, address = parseaddr(header(message, "From") or "")
    listed = any(message.get(key) for key in ("List-Id", "List-Unsubscribe", "List-Post"))
    sender = None if found.is_forward else (name or address or None)
    title = _bare_subject(found.title or header(message, "Subject"))
    item = Item(
        source=_identity(message) if not found.is_forward else f"{source}#forwarded",
        pieces=_titled(found, title),
        title=title,
        publisher=sender if listed else None,
        published=read_stamp(found.published if found.is_forward else header(message, "Date")),
        author=found.author if found.is_forward else (None if listed else sender),
    )
    return (item if item.source else replace(item, source=source)), found.note_words


def _titled(found: SentOn, title: str | None) -> list[Piece]:
    pieces = found.pieces
    return plain(pieces[0].text, title) if len(pieces) == 1 and not pieces[0].role else list(pieces)


def _identity(message: Message) -> str:
    return (header(message, "Message-ID") or "").strip("<> ")


def _pieces(parts: _Parts) -> list[Piece]:
    """The richest form of the text, which is the last of its alternatives (RFC 2046, 5.1.4)."""
    faults: list[UnreadableError] = []
    for part in (parts.html, parts.text):
        if part is None:
            continue
        try:
            text = text_of(part)
            pieces = fragment(text) if part is parts.html else [Piece("", unwrap(text, part))]
        except UnreadableError as error:
            faults.append(error)
            continue
        if any(piece.text.strip() for piece in pieces):
            return pieces
    raise faults[0] if faults else UnreadableError("is a message without a text")


def _bare_subject(subject: str | None) -> str | None:
    """The subject without "Fwd:" and "Re:"."""
    return _subject_marks().sub("", subject).strip() or None if subject else None


@cache
def _subject_marks() -> re.Pattern[str]:
    marks = "|".join(corpora.lexicon("mail")["subject_marks"])
    return re.compile(rf"^(?:(?:{marks})(?:\[[0-9]+\])?:\s*)+", re.IGNORECASE)
