"""Who confirmed or corrected what was found, and where a judgement belongs whose words were taken away.

What was judged before is of the reviewer whom its reason names: the one who spoke last.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JUDGED = ("statements", "stances", "figures")
METHODS = ("confirmed by a reviewer", "corrected by a reviewer")
_SAID = re.compile(r"(.+?) (?:confirmed|corrected) it on \d{4}-\d\d-\d\d; the program had ", re.DOTALL)


def upgrade() -> None:
    for name in JUDGED:
        op.add_column(name, sa.Column("checked_by", sa.JSON(none_as_null=True)))
        _name_reviewers(name)
    for name in ("judgements", "draws"):
        op.add_column(name, sa.Column("place", sa.Integer()))


def downgrade() -> None:
    for name in ("draws", "judgements"):
        op.drop_column(name, "place")
    for name in reversed(JUDGED):
        op.drop_column(name, "checked_by")


def _name_reviewers(name: str) -> None:
    connection = op.get_bind()
    names = ("article_id", "seq", "method", "reason")
    table = sa.table(name, *map(sa.column, names), sa.column("checked_by", sa.JSON()))
    # Methods have no index: only the articles under whose rows the program's own are kept can have any.
    here = sa.column("article_id").in_(sa.text("SELECT article_id FROM machine_results"))
    rows = connection.execute(sa.select(table).where(here, table.c.method.in_(METHODS))).all()
    for row in rows:
        if said := _SAID.match(row.reason):
            own = (table.c.article_id == row.article_id, table.c.seq == row.seq)
            connection.execute(sa.update(table).where(*own).values(checked_by=[said[1]]))
