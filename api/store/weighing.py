"""How well passages match on PostgreSQL: bm25, as SQLite's FTS5 has it, over vectors of lexemes.

PostgreSQL's own ranks know nothing of how rare a word is, nor how long a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from api.store.lexemes import quoted

if TYPE_CHECKING:
    from api.store.search import Query

# k = 1.2 and b = 0.75, as in FTS5. ts_rank makes of n occurrences of one word of weight 1 the sum of 1, 1/4 … 1/n²
# over 1.645 (π²/6), which is turned back into n; a phrase counts as its rank, near 1. Vectors are read out of line
# once for all terms; their lengths are of distinct words, against the mean of what is weighed.
_RANK = """
WITH asked AS MATERIALIZED (
  SELECT to_tsquery('standpoint', term) AS words, rarity
  FROM unnest(CAST(:terms AS text[]), CAST(:rarity AS float8[])) AS given (term, rarity)
), found AS MATERIALIZED (
  SELECT rowid AS number, lexemes || '' AS words FROM passages_fts WHERE rowid = ANY (CAST(:numbers AS integer[]))
), weighed AS (
  SELECT number, length(found.words) / (SELECT avg(length(words)) FROM found) AS length, rarity,
    numnode(asked.words) AS terms, ts_rank(CAST(:weights AS float4[]), found.words, asked.words) AS rank
  FROM found JOIN asked ON found.words @@ asked.words
), counted AS (
  SELECT number, length, rarity,
    CASE WHEN terms > 1 THEN rank ELSE 1 / greatest(1.644934 * (1 - rank), 0.001) - 0.5 END AS often
  FROM weighed
)
SELECT number, -sum(rarity * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length))) AS score
FROM counted GROUP BY number ORDER BY score, number DESC
"""


def rank_passages(
    connection: Connection,
    query: Query,
    numbers: Sequence[int],
    rarity: Mapping[str, float],
    weights: tuple[float, float, float],
) -> Sequence[Any]:
    """Number and score (lower is better) of those of the passages that have a term of the query, best first.

    ``rarity`` is the weight of each term, 1 where there is none; ``weights`` are those of a passage's own words, of
    what it is about and of the title of its article.
    """
    terms = list(dict.fromkeys(term for group in query.groups for term in group))
    given = {
        "terms": [quoted(term) for term in terms],
        "rarity": [rarity.get(term, 1.0) for term in terms],
        # As one word: the driver would write out an array number by number.
        "numbers": f"{{{','.join(map(str, numbers))}}}",
        "weights": [0.0, *reversed(weights)],
    }
    return connection.execute(text(_RANK), given).all()
