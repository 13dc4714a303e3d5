"""What search reads: passages with their full-text index, vectors, and counters that say when they changed."""

import sqlalchemy as sa
from alembic import op

from api.store.engines import is_sqlite
from api.store.passages import fill_passages

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: The table that each counter of ``search_state`` counts the changes of.
COUNTED = {
    "added": ("INSERT", "passages"),
    "removed": ("DELETE", "passages"),
    "vectors": ("INSERT", "vectors"),
    # Its stances go with a topic, and nothing else tells.
    "epoch": ("DELETE", "topics"),
}


def upgrade() -> None:
    op.create_table(
        "passages",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("about", "title", "text")),
        sa.UniqueConstraint("article_id", "kind", "seq"),
        sqlite_autoincrement=True,
    )
    passage = sa.ForeignKey("passages.number", ondelete="CASCADE")
    op.create_table(
        "vectors",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("passage", sa.Integer(), passage, nullable=False, unique=True),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.Column("encoder", sa.String()),
    )
    op.execute("INSERT INTO search_state (id, added, removed, vectors, epoch) VALUES (1, 0, 0, 0, 0)")
    if is_sqlite(op.get_bind()):
        _index_in_sqlite()
    fill_passages(op.get_bind())


def downgrade() -> None:
    if is_sqlite(op.get_bind()):
        for name in COUNTED:
            op.execute(f"DROP TRIGGER search_{name}")
        op.execute("DROP TABLE passages_fts")
    for name in ("search_state", "vectors", "passages"):
        op.drop_table(name)


def _index_in_sqlite() -> None:
    # The index keeps no text of its own, and forgets a row without being told what it held.
    op.execute(
        "CREATE VIRTUAL TABLE passages_fts USING fts5(text, about, title, content='', contentless_delete=1, "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    whole = "CASE new.kind WHEN 'article' THEN (SELECT text FROM articles WHERE id = new.article_id) ELSE new.text END"
    op.execute(
        "CREATE TRIGGER passages_fts_insert AFTER INSERT ON passages BEGIN INSERT INTO "
        f"passages_fts(rowid, text, about, title) VALUES (new.number, {whole}, new.about, new.title); END"
    )
    op.execute(
        "CREATE TRIGGER passages_fts_delete AFTER DELETE ON passages BEGIN "
        "DELETE FROM passages_fts WHERE rowid = old.number; END"
    )
    for counter, (change, table) in COUNTED.items():
        op.execute(
            f"CREATE TRIGGER search_{counter} AFTER {change} ON {table} BEGIN "
            f"UPDATE search_state SET {counter} = {counter} + 1; END"
        )
