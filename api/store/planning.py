"""What is told to SQLite, which plans by what a query looks like and knows nothing of how many rows there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Unsought(FunctionElement[Any]):
    """A column that SQLite is not to look rows up by; to PostgreSQL, which knows what there is, the column."""

    inherit_cache = True


def unsought(column: ColumnElement[Any]) -> Any:
    """The column, as one of ``Unsought``, with its own type."""
    found = Unsought(column)
    found.type = column.type
    return found


@compiles(Unsought, "sqlite")
def _with_plus(element: Unsought, compiler: Any, **options: Any) -> str:
    # sqlite.org/optoverview.html, 7.2: a term that begins with + uses no index.
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(Unsought, "postgresql")
def _as_it_is(element: Unsought, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))
