"""The zoo of office documents and press databases: every declared article accounted for, damage told with a reason."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest

from nlp.errors import UnreadableError
from nlp.readers import Reading, reading_of_bytes, reading_of_file
from nlp.records import Article

ZOO = Path(__file__).resolve().parent / "zoo"
FORMATS = ("pdf", "docx", "odt", "rtf", "lexisnexis", "factiva", "proquest", "ris")
#: ``DAMAGED=10000`` reads so many damaged files; a share of them is part of every run.
DAMAGED = int(os.environ.get("DAMAGED", "400"))
SHARES = 8


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for format in FORMATS:
        stated = tomllib.loads((ZOO / format / "zoo.toml").read_text(encoding="utf-8"))
        for file in stated["file"]:
            yield format, file


def files(format: str) -> list[Path]:
    return sorted(path for path in (ZOO / format).iterdir() if path.suffix not in (".toml", ".md"))


CASES = list(cases())


@pytest.mark.parametrize(("format", "stated"), CASES, ids=[f"{format}/{file['name']}" for format, file in CASES])
def test_every_file_of_the_zoo_is_read_as_stated(format: str, stated: dict[str, Any]) -> None:
    path = ZOO / format / stated["name"]
    if "refused" in stated:
        with pytest.raises(UnreadableError) as raised:
            reading_of_file(path)
        assert (raised.value.what, bool(raised.value.do)) == (stated["refused"], True)
        return
    reading = reading_of_file(path)
    assert reading.format == stated["format"]
    assert reading.declared == stated.get("declared")
    skipped = [{"where": each.where, "reason": each.reason} for each in reading.skipped]
    assert skipped == stated.get("skipped", [])
    assert [described(each) for each in reading.articles] == stated.get("article", [])


def described(article: Article) -> dict[str, Any]:
    """What the zoo states of an article; what it lacks is left out."""
    told = {
        "source": article.source,
        "title": article.title,
        "publisher": article.publisher,
        "published": str(article.published) if article.published else None,
        "author": article.author,
        "genre": str(article.genre) if article.genre else None,
        "paragraphs": len(article.text.split("\n\n")),
        "first": " ".join(article.text.split("\n")[0].split()[:8]),
        "last": " ".join(article.text.split("\n")[-1].split()[-6:]),
    }
    return {key: value for key, value in told.items() if value is not None}


@pytest.mark.parametrize("format", FORMATS)
def test_the_zoo_states_every_file_and_says_what_it_follows(format: str) -> None:
    named = {file["name"] for each, file in CASES if each == format}
    assert named == {path.name for path in files(format)}
    assert len(named) >= 5
    readme = (ZOO / format / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(named) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("format", FORMATS)
def test_articles_of_the_zoo_are_clean_prose_with_hints_inside(format: str) -> None:
    for reading in readings(format):
        for article in reading.articles:
            assert article.text == article.text.strip()
            assert not any(mark in article.text for mark in ("\n\n\n", "\t", "\xa0", "\xad", "  ", "\r", "\x00"))
            assert all(0 <= hint.start < hint.end <= len(article.text) for hint in article.hints)
            assert article.title is None or article.title in article.text
            assert article.id == Article.identify(article.source, article.text)


def readings(format: str) -> Iterator[Reading]:
    for path in files(format):
        try:
            yield reading_of_file(path)
        except UnreadableError as error:
            assert error.what


def test_a_count_that_disagrees_is_told_and_nothing_is_lost() -> None:
    fewer = reading_of_file(ZOO / "proquest" / "two-of-four.txt")
    assert (fewer.declared, fewer.parsed, fewer.agrees) == (4, 2, False)
    assert reading_of_file(ZOO / "proquest" / "newsstream.txt").agrees
    assert not reading_of_file(ZOO / "lexisnexis" / "count-disagrees.docx").agrees


# Damage


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_files_are_read_or_refused_with_a_reason(share: int) -> None:
    fixtures = [path for format in FORMATS for path in files(format)]
    for number in range(share, DAMAGED, SHARES):
        random = Random(number)
        path = random.choice(fixtures)
        data = damaged(path.read_bytes(), random)
        try:
            reading = reading_of_bytes(data, source=path.name)
        except UnreadableError as error:
            assert error.what, number
        else:
            assert reading.articles or all(each.reason for each in reading.skipped), number


def damaged(data: bytes, random: Random) -> bytes:
    """A file with one to four damages; of a package now and then a part is damaged, and packed again."""
    if data.startswith(b"PK") and random.random() < 0.6:
        return with_damaged_part(data, random)
    for _ in range(random.randint(1, 4)):
        data = random.choice(DAMAGES)(data, random)
    return data


def with_damaged_part(data: bytes, random: Random) -> bytes:
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except BadZipFile:
        return data
    name = random.choice(list(parts))
    parts[name] = random.choice(DAMAGES)(parts[name], random)
    packed = BytesIO()
    with ZipFile(packed, "w") as package:
        for each, text in parts.items():
            package.writestr(each, text)
    return packed.getvalue()


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 3, 10, 40))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def piece(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 8, 60, 500)))


def repeat(data: bytes, random: Random) -> bytes:
    start, end = piece(data, random)
    return data[:end] + data[start:end] * random.choice((1, 2, 50)) + data[end:]


def drop(data: bytes, random: Random) -> bytes:
    start, end = piece(data, random)
    return data[:start] + data[end:]


def move(data: bytes, random: Random) -> bytes:
    start, end = piece(data, random)
    at = random.randrange(len(data) + 1)
    return data[:at] + data[start:end] + data[at:]


def put_number(data: bytes, random: Random) -> bytes:
    """A number in place of another: lengths, counts and code points that no file has."""
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return data
    at = random.choice(digits)
    return data[:at] + random.choice((b"0", b"-1", b"99999999999", b"2147483648", b"1e9")) + data[at + 1 :]


DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (cut, flip, flip, repeat, drop, move, put_number)
