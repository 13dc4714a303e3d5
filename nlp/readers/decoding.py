"""Bytes to characters: UTF-8, UTF-16 with its mark, then Windows-1252; anything else is refused, not guessed."""

from __future__ import annotations

import codecs
import re

from nlp.errors import UnreadableError

#: Above this share of bytes outside ASCII a file is in no encoding of English.
FOREIGN_SHARE = 0.2
#: Control characters other than white space: a stray one is a scar of conversion, more is a binary file.
CONTROL_SHARE = 0.01

_OUTSIDE_ASCII = bytes(range(0x80, 0x100))
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r"))
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KNOWN_FORMATS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "a rich text document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a compressed file",
}


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: utf-8, utf-16 or windows-1252, in this order."""
    _refuse_binary(data)
    text, encoding = _decode(data)
    if not text.strip("\ufeff\u200b \t\r\n\v\f\xa0"):
        raise UnreadableError("holds no text", do="give a file with an article in it")
    return text, encoding


def _refuse_binary(data: bytes) -> None:
    kind = next((kind for magic, kind in _KNOWN_FORMATS.items() if data.startswith(magic)), None)
    if kind:
        raise UnreadableError(f"is {kind}, which is not read", do="save it as text or HTML")
    if data.startswith(UTF16_MARKS):
        return
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if b"\0" in data or controls > CONTROL_SHARE * len(data):
        raise UnreadableError("is a binary file, not text", do="save it as text or HTML")


def _decode(data: bytes) -> tuple[str, str]:
    try:
        if data.startswith(UTF16_MARKS):
            return _without_nul(data.decode("utf-16")), "utf-16"
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if not data.startswith(UTF16_MARKS) and _looks_like_cp1252(data):
            return data.decode("cp1252"), "windows-1252"
        raise UnreadableError(
            "is not text in UTF-8, UTF-16 or Windows-1252",
            do=f"byte {error.start} is wrong; save it as UTF-8",
        ) from None


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise UnreadableError("is a binary file, not text", do="save it as text or HTML")
    return text


def _looks_like_cp1252(data: bytes) -> bool:
    """Only bytes that Windows-1252 defines, few outside ASCII, and no UTF-8 among them.

    A damaged UTF-8 file decodes as Windows-1252 too, to "â€™": it is refused rather than misread.
    """
    foreign = len(data) - len(data.translate(None, _OUTSIDE_ASCII))
    undefined = any(byte in data for byte in b"\x81\x8d\x8f\x90\x9d")
    return not undefined and foreign <= FOREIGN_SHARE * len(data) and not _UTF8_SEQUENCE.search(data)


#: Names that pages give their encoding -> the codec; as in browsers, Latin-1 means Windows-1252.
_CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "windows-1252": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252"}
_CHARSET = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,100}?encoding=[\"']([\w-]+)", re.I
)


def decode_page(data: bytes) -> str:
    """The characters of a web page: in the encoding of its mark, else the one it names if that fits, else as text."""
    if data.startswith(codecs.BOM_UTF8):
        return decode(data)[0].removeprefix("\ufeff")
    match = _CHARSET.search(data[:4096])
    name = (match[1] or match[2]).decode("ascii", "ignore").lower() if match else ""
    if name in _CHARSETS and not data.startswith(UTF16_MARKS):
        try:
            return data.decode(_CHARSETS[name])
        except UnicodeDecodeError:  # pages lie: what the bytes themselves say comes next
            pass
    return decode(data)[0]
