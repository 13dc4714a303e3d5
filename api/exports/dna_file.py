"""Statements as a database of Discourse Network Analyzer 3 (``.dna``): DNA opens it as its own.

Followed: the tables that DNA 3.0 makes for SQLite (``Sql.java``, commit 03d7317 of its public repository). Its coder is
"Admin" with the password ``standpoint``. Offsets are UTF-16 units, as DNA is written in Java. A document's section is
the article's id, its notes hold address and licence.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.exports.about import About
from api.exports.cleaning import utf16_length
from api.exports.dna import Document, Event, short
from api.schemas import web_url
from api.store.engines import sqlite_driver

VERSION, RELEASED = "3.0.8", "2022-06-16"
PASSWORD = "standpoint"
_SHORT = "TEXT NOT NULL DEFAULT '' CHECK (LENGTH({0}) < 191)"
_COLOURS = ", ".join(f"{c} INTEGER NOT NULL DEFAULT 0 CHECK ({c} BETWEEN 0 AND 255)" for c in ("Red", "Green", "Blue"))
_RIGHTS = (
    *("AddDocuments", "EditDocuments", "DeleteDocuments", "ImportDocuments", "AddStatements", "EditStatements"),
    *("DeleteStatements", "EditAttributes", "EditRegex", "EditStatementTypes", "EditCoders", "EditCoderRelations"),
    *("ViewOthersDocuments", "EditOthersDocuments", "ViewOthersStatements", "EditOthersStatements"),
)


def _key(column: str, table: str) -> str:
    return f"FOREIGN KEY({column}) REFERENCES {table}(ID) ON DELETE CASCADE"


def _flag(name: str, value: int) -> str:
    return f"{name} INTEGER NOT NULL CHECK ({name} BETWEEN 0 AND 1) DEFAULT {value}"


def _data(value: str, *keys: str) -> str:
    own = ", ".join((_key("StatementId", "STATEMENTS"), _key("VariableId", "VARIABLES"), *keys))
    columns = "ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL"
    return f"{columns}, {value}, {own}, UNIQUE (StatementId, VariableId)"


_ID = "ID INTEGER NOT NULL PRIMARY KEY"
TABLES = {
    "SETTINGS": "Property TEXT PRIMARY KEY, Value TEXT NOT NULL",
    "CODERS": f"{_ID}, Name TEXT NOT NULL CHECK (LENGTH(Name) < 191), {_COLOURS}, "
    "Refresh INTEGER NOT NULL CHECK (Refresh BETWEEN 0 AND 9999) DEFAULT 0, "
    "FontSize INTEGER NOT NULL CHECK (FontSize BETWEEN 1 AND 99) DEFAULT 14, "
    "Password TEXT NOT NULL CHECK (LENGTH(Password) < 191), "
    "PopupWidth INTEGER CHECK (PopupWidth BETWEEN 100 AND 9999) DEFAULT 300, "
    + ", ".join((_flag("ColorByCoder", 0), _flag("PopupDecoration", 0), _flag("PopupAutoComplete", 1)))
    + ", "
    + ", ".join(_flag(f"Permission{right}", 1) for right in _RIGHTS),
    "DOCUMENTS": f"{_ID}, Title TEXT NOT NULL CHECK (LENGTH(Title) < 191), Text TEXT NOT NULL, Coder INTEGER, "
    + ", ".join(f"{name} {_SHORT.format(name)}" for name in ("Author", "Source", "Section"))
    + f", Notes TEXT NOT NULL DEFAULT '', Type {_SHORT.format('Type')}, Date INTEGER NOT NULL, "
    + _key("Coder", "CODERS"),
    "STATEMENTTYPES": f"{_ID}, Label TEXT NOT NULL CHECK (LENGTH(Label) < 191), {_COLOURS}",
    "VARIABLES": f"{_ID}, Variable TEXT NOT NULL CHECK (LENGTH(Variable) < 191), DataType TEXT NOT NULL "
    "CHECK (DataType = 'boolean' OR DataType = 'integer' OR DataType = 'long text' OR DataType = 'short text') "
    f"DEFAULT 'short text', StatementTypeId INTEGER, {_key('StatementTypeId', 'STATEMENTTYPES')}, "
    "UNIQUE (Variable, StatementTypeId)",
    "VARIABLELINKS": f"{_ID}, SourceVariableId INTEGER, TargetVariableId INTEGER, "
    "CHECK (TargetVariableId != SourceVariableId), "
    f"{_key('SourceVariableId', 'VARIABLES')}, {_key('TargetVariableId', 'VARIABLES')}",
    "REGEXES": f"Label TEXT PRIMARY KEY CHECK (LENGTH(Label) < 191), {_COLOURS}",
    "CODERRELATIONS": f"{_ID}, Coder INTEGER CHECK(Coder > 0), OtherCoder INTEGER CHECK(OtherCoder > 0), "
    + ", ".join(_flag(name, 1) for name in ("viewStatements", "editStatements", "viewDocuments", "editDocuments"))
    + f", CHECK (Coder != OtherCoder), {_key('Coder', 'CODERS')}, {_key('OtherCoder', 'CODERS')}",
    "STATEMENTS": f"{_ID}, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER NOT NULL CHECK(Start >= 0), "
    "Stop INTEGER NOT NULL CHECK(Stop >= 0), Coder INTEGER, CHECK (Start < Stop), "
    f"{_key('StatementTypeId', 'STATEMENTTYPES')}, {_key('Coder', 'CODERS')}, {_key('DocumentId', 'DOCUMENTS')}",
    "DATABOOLEAN": _data("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _data("Value INTEGER NOT NULL DEFAULT 0"),
    "ENTITIES": "ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, "
    f"Value {_SHORT.format('Value')}, {_COLOURS.replace(' NOT NULL DEFAULT 0', '')}, "
    "ChildOf INTEGER CHECK(ChildOf > 0), "
    f"UNIQUE (VariableId, Value), {_key('ChildOf', 'ENTITIES')}, {_key('VariableId', 'VARIABLES')}",
    "DATASHORTTEXT": _data("Entity INTEGER NOT NULL", _key("Entity", "ENTITIES")),
    "DATALONGTEXT": _data("Value TEXT DEFAULT ''"),
    "ATTRIBUTEVARIABLES": "ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, "
    "AttributeVariable TEXT NOT NULL CHECK (LENGTH(AttributeVariable) < 191), UNIQUE(VariableId, AttributeVariable), "
    f"{_key('VariableId', 'VARIABLES')}",
    "ATTRIBUTEVALUES": "ID INTEGER PRIMARY KEY NOT NULL, EntityId INTEGER NOT NULL, "
    "AttributeVariableId INTEGER NOT NULL, "
    f"AttributeValue {_SHORT.format('AttributeValue')}, UNIQUE (EntityId, AttributeVariableId), "
    f"{_key('EntityId', 'ENTITIES')}, {_key('AttributeVariableId', 'ATTRIBUTEVARIABLES')}",
}
VARIABLES = {"person": 1, "organization": 2, "concept": 3, "agreement": 4}
TYPE_OF_STATEMENT = 1


def write_dna(path: Path, found: Iterable[Event], about: About) -> int:
    """Write the file; returns how many statements it has."""
    with closing(sqlite_driver().connect(str(path))) as database, database:
        _make_tables(database)
        filled = _Filled(database, about)
        for event in found:
            filled.add(event)
    return filled.statements


def password_digest(password: str, salt: bytes) -> str:
    """A password as DNA keeps it: Jasypt's StrongPasswordEncryptor, SHA-256 of 16 bytes of salt, 100,000 times."""
    digest = sha256(salt + password.encode()).digest()
    for _ in range(99_999):
        digest = sha256(digest).digest()
    return b64encode(salt + digest).decode()


def _make_tables(database: Any) -> None:
    for name, columns in TABLES.items():
        database.execute(f"CREATE TABLE {name}({columns})")
    # Everybody may know it: the salt hides nothing, and equal exports are equal files.
    own = password_digest(PASSWORD, sha256(b"standpoint").digest()[:16])
    database.execute(
        "INSERT INTO CODERS (ID, Name, Red, Green, Blue, Password) VALUES (1, 'Admin', 255, 255, 0, ?)", [own]
    )
    database.executemany("INSERT INTO SETTINGS VALUES (?, ?)", [("version", VERSION), ("date", RELEASED)])
    database.execute("INSERT INTO STATEMENTTYPES VALUES (?, 'DNA Statement', 239, 208, 51)", [TYPE_OF_STATEMENT])
    for name, id in VARIABLES.items():
        kind = "boolean" if name == "agreement" else "short text"
        database.execute("INSERT INTO VARIABLES VALUES (?, ?, ?, ?)", [id, name, kind, TYPE_OF_STATEMENT])
        for attribute in ("Type", "Alias", "Notes") if kind == "short text" else ():
            database.execute(
                "INSERT INTO ATTRIBUTEVARIABLES (VariableId, AttributeVariable) VALUES (?, ?)", [id, attribute]
            )


class _Filled:
    """The database while it fills."""

    def __init__(self, database: Any, about: About) -> None:
        self._database, self._about = database, about
        self._entities: dict[tuple[int, str], int] = {}
        self._document: Document | None = None
        self.documents = self.statements = 0

    def add(self, event: Event) -> None:
        if event.document is not self._document:
            self._document = event.document
            self._add_document(event.document)
        self.statements += 1
        text = event.document.text
        start = utf16_length(text[: event.start])
        place = [self.statements, TYPE_OF_STATEMENT, self.documents, start, start + utf16_length(event.text), 1]
        self._database.execute("INSERT INTO STATEMENTS VALUES (?, ?, ?, ?, ?, ?)", place)
        for name in ("person", "organization", "concept"):
            entity = self._entity(VARIABLES[name], getattr(event, name))
            row = [self.statements, VARIABLES[name], entity]
            self._database.execute("INSERT INTO DATASHORTTEXT (StatementId, VariableId, Entity) VALUES (?, ?, ?)", row)
        agreement = [self.statements, VARIABLES["agreement"], int(event.agreement)]
        self._database.execute("INSERT INTO DATABOOLEAN (StatementId, VariableId, Value) VALUES (?, ?, ?)", agreement)

    def _add_document(self, document: Document) -> None:
        self.documents += 1
        source = document.source
        told = [web_url(source.url), f"licence: {source.licence}" if source.licence else None, self._about.made]
        notes = "\n".join([*filter(None, told), *(() if source.published else ("undated",))])
        row = [
            *(
                self.documents,
                document.title,
                document.text,
                1,
                short(source.author or ""),
                short(source.publisher or ""),
            ),
            *(source.id, notes, source.genre or "", int(document.moment.timestamp())),
        ]
        self._database.execute(f"INSERT INTO DOCUMENTS VALUES ({', '.join('?' * len(row))})", row)

    def _entity(self, variable: int, value: str) -> int:
        key = (variable, value)
        if key not in self._entities:
            self._entities[key] = len(self._entities) + 1
            row = [self._entities[key], variable, value]
            self._database.execute(
                "INSERT INTO ENTITIES (ID, VariableId, Value, Red, Green, Blue) VALUES (?, ?, ?, 0, 0, 0)", row
            )
        return self._entities[key]
