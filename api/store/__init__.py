"""Keeps analyses in a database and answers questions about them with records, never with rows."""

from api.store.access import Access, StoredAnswer, StoredKey
from api.store.filters import Filters
from api.store.reader import Reader
from api.store.store import DATABASE_NAME, Store
from api.store.views import (
    ArticleHead,
    ArticleRow,
    Counts,
    FigureRow,
    Fragment,
    Page,
    ShownArticle,
    StakeholderRow,
    StanceRow,
    StatementRow,
    Stored,
    Title,
)
from api.store.writer import Writer, Written

__all__ = [
    "DATABASE_NAME",
    "Access",
    "ArticleHead",
    "ArticleRow",
    "Counts",
    "FigureRow",
    "Filters",
    "Fragment",
    "Page",
    "Reader",
    "ShownArticle",
    "StakeholderRow",
    "StanceRow",
    "StatementRow",
    "Store",
    "Stored",
    "StoredAnswer",
    "StoredKey",
    "Title",
    "Writer",
    "Written",
]
