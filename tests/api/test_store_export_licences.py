"""No export gives away words of an article that its licence does not allow, in any format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pyarrow.parquet
import pytest

from api.exports.export import export
from api.exports.formats import FORMS, Format, What
from api.services import Services
from api.settings import Settings
from api.store import Store
from api.store.analyst import Question
from api.store.filters import Filters
from nlp.records import Analysis, Licence

Make = Callable[..., Analysis]
ALL = Question(filters=Filters(min_confidence=0))
EVERYTHING = [(what, format) for format in Format for what in FORMS[format].holds]


def words_of(data: bytes) -> str:
    """All text in a file, of archives and columns too."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(words_of(archive.read(name)) for name in archive.namelist())
    if data.startswith(b"PAR1"):
        return str(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist())
    return data.decode("utf-8", "replace")


@pytest.fixture
def written(settings: Settings, store: Store, analysis: Analysis) -> Callable[[What, Format, Licence | None], str]:
    def write(what: What, format: Format, licence: Licence | None) -> str:
        article = replace(analysis.article, licence=licence, expires=None)
        store.writer.write_analysis(replace(analysis, article=article))
        return words_of(b"".join(export(Services(settings, store=store), what, format, ALL).pieces))

    return write


#: Of the only article: words of a statement, and words that only stand around what was found.
QUOTED, AROUND = "end the blame game", "Sign in to comment"


@pytest.mark.parametrize(("what", "format"), EVERYTHING)
def test_links_alone_are_what_links_only_gives(
    written: Callable[[What, Format, Licence | None], str], what: What, format: Format
) -> None:
    found = written(what, format, Licence.LINKS_ONLY)
    assert QUOTED not in found and AROUND not in found


@pytest.mark.parametrize("format", [each for each in Format if What.STATEMENTS in FORMS[each].holds])
def test_quotes_alone_are_what_quotes_only_gives(
    written: Callable[[What, Format, Licence | None], str], format: Format
) -> None:
    assert AROUND not in written(What.STATEMENTS, format, Licence.QUOTES_ONLY)


def test_without_a_licence_everything_is_given(written: Callable[[What, Format, Licence | None], str]) -> None:
    assert QUOTED in written(What.STATEMENTS, Format.CSV, None)
    assert AROUND in written(What.STATEMENTS, Format.DOCCANO, None)
    assert QUOTED in written(What.STATEMENTS, Format.CSV, Licence.QUOTES_ONLY)
