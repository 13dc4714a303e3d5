"""PostgreSQL: the full-text index of passages, and the counters that say when they changed. SQLite has both."""

from __future__ import annotations

from alembic import op

from api.store.engines import is_sqlite

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A table of its own, as on SQLite. The vectors of words are moved out of its rows, so that the numbers of half a
# million matches are read from few pages; they are told apart by weight: A a passage's own words, B what it is about,
# C the title of its article.
INDEX = (
    "CREATE TABLE passages_fts (rowid integer PRIMARY KEY REFERENCES passages (number) ON DELETE CASCADE, "
    "lexemes tsvector NOT NULL) WITH (toast_tuple_target = 128)",
    "ALTER TABLE passages_fts ALTER COLUMN lexemes SET STORAGE EXTERNAL",
)
GIN = "CREATE INDEX ix_passages_fts_lexemes ON passages_fts USING gin (lexemes)"

# A mark between the parts, taken out again, leaves a place free, so that no phrase runs from one into the next.
PARTS = """
CREATE FUNCTION standpoint_parts(body text, about text, title text) RETURNS tsvector LANGUAGE sql IMMUTABLE
PARALLEL SAFE SET search_path FROM CURRENT AS $$
  SELECT ts_delete(
    setweight(standpoint_lexemes(body), 'A') || '|:1' || setweight(standpoint_lexemes(about), 'B') || '|:1'
    || setweight(standpoint_lexemes(title), 'C'), '|')
$$
"""
# What does not fit into the 1 MB of a tsvector is indexed by its beginning, as articles are.
PASSAGE = """
CREATE FUNCTION standpoint_passage(body text, about text, title text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE
SET search_path FROM CURRENT AS $$
BEGIN
  RETURN standpoint_parts(body, about, title);
EXCEPTION WHEN program_limit_exceeded THEN
  RETURN standpoint_parts(left(body, 50000), left(about, 50000), left(title, 50000));
END
$$
"""

#: The rows of the index for the passages of a table: an article's passage stands for its whole text.
ROWS = (
    "SELECT made.number, standpoint_passage(coalesce(articles.text, made.text), made.about, made.title) "
    "FROM {passages} AS made LEFT JOIN articles ON made.kind = 'article' AND articles.id = made.article_id"
)

#: The table that each counter of ``search_state`` counts the changes of, and what else is done then.
COUNTED = {
    "added": ("INSERT", "passages", f"INSERT INTO passages_fts {ROWS.format(passages='changed')};"),
    "removed": ("DELETE", "passages", ""),
    "vectors": ("INSERT", "vectors", ""),
    "epoch": ("DELETE", "topics", ""),
}


def upgrade() -> None:
    if is_sqlite(op.get_bind()):
        return
    for command in (*INDEX, PARTS, PASSAGE):
        op.execute(command.replace(":", r"\:"))
    op.execute(f"INSERT INTO passages_fts {ROWS.format(passages='passages')}")
    op.execute(GIN)
    for counter, (change, table, more) in COUNTED.items():
        rows = "NEW" if change == "INSERT" else "OLD"
        # Counted once a statement: a row that one transaction updates a thousand times is slow to find.
        op.execute(
            f"CREATE FUNCTION standpoint_{counter}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {more} UPDATE "
            f"search_state SET {counter} = {counter} + (SELECT count(*) FROM changed); RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER search_{counter} AFTER {change} ON {table} REFERENCING {rows} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION standpoint_{counter}()"
        )
    # What was written before was not counted.
    op.execute(
        "UPDATE search_state SET added = removed + (SELECT count(*) FROM passages), "
        "vectors = vectors + (SELECT count(*) FROM vectors), epoch = epoch + 1"
    )


def downgrade() -> None:
    if is_sqlite(op.get_bind()):
        return
    for counter, (_, table, _) in COUNTED.items():
        op.execute(f"DROP TRIGGER search_{counter} ON {table}")
        op.execute(f"DROP FUNCTION standpoint_{counter}()")
    op.execute("DROP TABLE passages_fts")
    op.execute("DROP FUNCTION standpoint_passage(text, text, text)")
    op.execute("DROP FUNCTION standpoint_parts(text, text, text)")
