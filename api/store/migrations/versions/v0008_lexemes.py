"""PostgreSQL: texts ordered by code point as SQLite orders them, and full-text indexes. SQLite has both."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from api.store.engines import is_sqlite

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Names begin with "standpoint", so that they meet nothing else in the schema. The dictionary is the stemmer
# that FTS5 has (Porter's of 1980), without stop words: "or" and "the" are words to look for. Only what kinds
# of token are left when everything but letters and digits is a space is mapped.
DICTIONARY = "CREATE TEXT SEARCH DICTIONARY standpoint_stem (TEMPLATE = pg_catalog.snowball, Language = porter)"
CONFIGURATION = 'CREATE TEXT SEARCH CONFIGURATION standpoint (PARSER = pg_catalog."default")'
MAPPING = (
    "ALTER TEXT SEARCH CONFIGURATION standpoint "
    "ADD MAPPING FOR asciiword, word, numword, int, uint, float, sfloat WITH standpoint_stem"
)

# What api.store.lexemes.fold does to a query, done to a text: marks are taken off letters, and what is
# neither letter nor digit is a space. Ranges of code points mean the same in every locale.
WORDS = r"""
CREATE FUNCTION standpoint_words(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(
    regexp_replace(normalize(body, NFKD), '[\u0300-\u036F]', '', 'g'),
    '[^0-9A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u1FFF\u2C00-\u2DFF\u3040-\uD7FF\uF900-\uFDFF\uFE70-\uFEFC\U00010000-\U0001CFFF\U00020000-\U0003FFFF]',
    ' ', 'g')
$$
"""

# A tsvector holds 1 MB at most. What does not fit is indexed by its beginning: an article is never refused for it.
# The path is kept with the function, as a restore loads the rows with none.
LEXEMES = """
CREATE FUNCTION standpoint_lexemes(body text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE
SET search_path FROM CURRENT AS $$
BEGIN
  RETURN to_tsvector('standpoint', standpoint_words(body));
EXCEPTION WHEN program_limit_exceeded THEN
  RETURN to_tsvector('standpoint', standpoint_words(left(body, 100000)));
END
$$
"""

COLUMNS = {
    "articles": ("setweight(standpoint_lexemes(coalesce(title, '')), 'A') || setweight(standpoint_lexemes(text), 'D')"),
    "statements": "standpoint_lexemes(text)",
}

# Queries name the index as they do on SQLite.
VIEW = "CREATE VIEW {table}_fts AS SELECT number AS rowid, lexemes, text AS body FROM {table}"


def upgrade() -> None:
    if is_sqlite(op.get_bind()):
        return
    _order_texts('"C"')
    for command in (DICTIONARY, CONFIGURATION, MAPPING, WORDS, LEXEMES):
        op.execute(command)
    for table, lexemes in COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN lexemes tsvector GENERATED ALWAYS AS ({lexemes}) STORED")
        op.execute(f"CREATE INDEX ix_{table}_lexemes ON {table} USING gin (lexemes)")
        op.execute(VIEW.format(table=table))


def downgrade() -> None:
    if is_sqlite(op.get_bind()):
        return
    for table in COLUMNS:
        op.execute(f"DROP VIEW {table}_fts")
        op.drop_column(table, "lexemes")
    op.execute("DROP FUNCTION standpoint_lexemes(text)")
    op.execute("DROP FUNCTION standpoint_words(text)")
    op.execute("DROP TEXT SEARCH CONFIGURATION standpoint")
    op.execute("DROP TEXT SEARCH DICTIONARY standpoint_stem")
    _order_texts('"default"')


def _order_texts(collation: str) -> None:
    """Give every column of text this collation: a page's cursor must mean the same on every server."""
    found = op.get_bind().execute(
        text(
            "SELECT table_name, column_name, data_type FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' "
            "AND data_type IN ('text', 'character varying') AND table_name <> 'alembic_version' "
            "ORDER BY table_name, column_name"
        )
    )
    changes: dict[str, list[str]] = {}
    for row in found:
        changed = f'ALTER COLUMN "{row.column_name}" TYPE {row.data_type} COLLATE {collation}'
        changes.setdefault(row.table_name, []).append(changed)
    for table, columns in changes.items():
        op.execute(f'ALTER TABLE "{table}" {", ".join(columns)}')
