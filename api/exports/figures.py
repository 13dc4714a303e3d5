"""Quoted money as a table: how much, for what, for when, who pays, gets and says so, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.exports.made import made_now
from api.exports.statements import SOURCE, source_values
from api.exports.tables import Table, Value, columns
from api.store.export_rows import Money

COLUMNS = columns(
    figure="text: the figure's id",
    amount="text: the amount as printed",
    value="sum: the amount in base units of `unit`; empty for a range and for amounts without a number",
    low="sum: the lower end of a range",
    high="sum: the upper end",
    unit="text: an ISO 4217 code, percent or percentage_point",
    per="text: what a rate is of, such as year",
    kind="text: allocation, cost, cut and so on",
    direction="text: up, down or none",
    status="text: how firm it is",
    modifier="text: such as up to, or nearly",
    terms="text: cash, real or unspecified",
    recurrence="text: one-off, recurring or unspecified",
    what="text: what the money is for, in the article's words",
    payer="text: who pays",
    payer_id="text: its id",
    recipient="text: who gets it",
    recipient_id="text: its id",
    cited_by="text: who quotes the figure; empty: the writer",
    cited_by_id="text: its id",
    period="text: the time it is for, as printed",
    period_start="day: its first day",
    period_end="day: its last day",
    start="count: where the amount begins in the article's text, in code points",
    end="count: where it ends, half-open",
    confidence="share: the probability that the figure is right",
    tier="text: the same in words: high, medium or low",
    why="text: why the program takes it so",
    **SOURCE,
)


def figure_table(sums: Iterable[Money]) -> Table:
    """A row a figure."""
    return Table("figures", COLUMNS, _rows(sums))


def _rows(sums: Iterable[Money]) -> Iterator[tuple[Value, ...]]:
    made = made_now()
    for money in sums:
        figure, source, period = money.figure, money.source, money.figure.period
        roles = [money.parties.get(id or "") for id in (figure.payer, figure.recipient, figure.cited_by)]
        yield (
            figure.id,
            figure.spans[0].text,
            figure.value,
            figure.low,
            figure.high,
            figure.unit,
            figure.per,
            figure.kind.value,
            figure.direction.value,
            figure.status.value,
            figure.modifier,
            figure.terms.value,
            figure.recurrence.value,
            figure.what.text if figure.what else None,
            *(value for party in roles for value in ((party.name, party.id) if party else (None, None))),
            period.text if period else None,
            period.start if period else None,
            period.end if period else None,
            figure.spans[0].start,
            figure.spans[-1].end,
            figure.evidence.confidence,
            figure.evidence.tier.value,
            figure.evidence.reason,
            *source_values(source, figure.id.rpartition(":")[2], made),
        )
