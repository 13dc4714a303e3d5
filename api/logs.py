"""How the server logs: lines for people or JSON for machines, and in neither the words of articles or queries."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Plain(logging.Formatter):
    """A time, a level and a message, and of an error its kind and its place."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: Fault) -> str:
        """The kind of an error and where it arose: its message may hold what was sent or what was read."""
        kind, _, trace = ei
        frames = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)]
        return f"{kind.__name__ if kind else ''} at {' > '.join(frames[-8:])}"


class _Json(_Plain):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(form: Literal["text", "json"]) -> None:
    """Log to stderr: every request as JSON, or in text only what went wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Plain("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # What libraries say below a warning is theirs, and may hold whole addresses.
    root.setLevel(logging.WARNING)
    for name in ("standpoint", "uvicorn"):
        logging.getLogger(name).setLevel(logging.INFO if form == "json" else logging.WARNING)
    # Handlers of its own, from wherever they come, would print messages and whole tracebacks beside ours.
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Its lines hold the whole address, query and all; ours hold the route.
    logging.getLogger("uvicorn.access").disabled = True
