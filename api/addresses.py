"""Which address of the program a path is: "/v1/topics/pooling" is "/v1/topics/{id}". Nothing else may be a label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from starlette.routing import compile_path

#: What every path is that no address of the program matches.
UNKNOWN = "(none)"
STATIC = "/static"


class Addresses:
    """The addresses, asked for when first needed: they stand in a document that takes a moment to make."""

    def __init__(self, templates: Callable[[], Iterable[str]]) -> None:
        self._templates = templates

    def template(self, path: str) -> str:
        """The address that a path is of; one of a closed list, whatever a caller sends."""
        if path.startswith(f"{STATIC}/"):
            return STATIC
        return next((template for template, pattern in self._patterns if pattern.match(path)), UNKNOWN)

    @cached_property
    def _patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        # An address that is written out wins over one with a hole in its place.
        templates = sorted(set(self._templates()), key=lambda each: (each.count("{"), each))
        return tuple((template, compile_path(template)[0]) for template in templates)
