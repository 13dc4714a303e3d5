"""A table as JSON Lines (UTF-8, one object a line): every value whole, numbers as numbers, days as ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from api.exports.tables import Table, lots

_LOT = 500


def stream_jsonl(table: Table) -> Iterator[str]:
    names = [column.name for column in table.columns]
    for lot in lots(table.rows, _LOT):
        yield "".join(json_line(dict(zip(names, map(plain, row), strict=True))) for row in lot)


def json_line(document: Mapping[str, Any]) -> str:
    """One object as one line; nothing in it ends a line but its end, as U+2028 and U+2029 are written as escapes."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085") + "\n"


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
