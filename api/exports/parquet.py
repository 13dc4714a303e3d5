"""A table as Parquet with a typed schema; what each column means stands in the metadata of its field.

Sums are decimal128(38, 9): one that has more digits before or behind the point is left out and counted in the file's
metadata under ``standpoint.left_out``; its printed form stands in ``amount``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from api.exports.about import About
from api.exports.tables import Column, Kind, Table, lots

#: Rows in a group.
LOT = 10_000
_SCALE = Decimal(1).scaleb(-9)
_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.LINK: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.SHARE: pa.float64(),
    Kind.SUM: pa.decimal128(38, 9),
    Kind.DAY: pa.date32(),
}


def write_parquet(path: Path, table: Table, about: About) -> int:
    """Write the file; returns how many rows it has."""
    fields = [pa.field(each.name, _TYPES[each.kind], metadata={"about": each.about}) for each in table.columns]
    schema = pa.schema(fields, metadata={f"standpoint.{name.lower()}": text for name, text in about.lines()})
    total = left_out = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in lots(table.rows, LOT):
            columns = [
                [_value(value, column) for value in values]
                for column, values in zip(table.columns, zip(*rows, strict=True), strict=True)
            ]
            left_out += _lost(rows, columns, table.columns)
            arrays = [pa.array(*pair) for pair in zip(columns, schema.types, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            total += len(rows)
        writer.add_key_value_metadata({"standpoint.rows": str(total), "standpoint.left_out": str(left_out)})
    return total


def _value(value: Any, column: Column) -> Any:
    if column.kind is not Kind.SUM or value is None:
        return value
    with localcontext(prec=38) as context:
        try:
            fitted = context.quantize(value, _SCALE)
        except InvalidOperation:
            return None
    return fitted if fitted == value else None


def _lost(rows: Sequence[Sequence[Any]], columns: Sequence[Sequence[Any]], described: Sequence[Column]) -> int:
    places = [place for place, column in enumerate(described) if column.kind is Kind.SUM]
    return sum(columns[place][at] is None and row[place] is not None for place in places for at, row in enumerate(rows))
