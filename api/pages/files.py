"""What pages show as files: CSV for one table, JSON for all of a page, both with who made them and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.exports.csv_table import MEDIA_TYPE, Cell, write_csv
from api.exports.made import made_now
from api.store.licences import today

__all__ = ["csv_file", "json_file", "made_now", "plain_cell"]
Row = Mapping[str, Cell]


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Row]) -> Response:
    """A table as a file of this name and day; every row has every column."""
    return Response(write_csv(columns, rows), media_type=MEDIA_TYPE, headers=_named(name, "csv"))


def json_file(name: str, tables: Mapping[str, Iterable[Row]]) -> JSONResponse:
    """Several tables as one document."""
    plain = {
        title: [{key: plain_cell(cell) for key, cell in row.items()} for row in rows] for title, rows in tables.items()
    }
    return JSONResponse({"made_by": made_now(), **plain}, headers=_named(name, "json"))


def plain_cell(cell: Cell) -> Any:
    """A cell as JSON has it: dates as ISO 8601, decimals as numbers."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _named(name: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="standpoint-{name}-{today().isoformat()}.{ending}"'}
