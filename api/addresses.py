"""Which address of the program a path is: "/v1/topics/pooling" is "/v1/topics/{id}". Nothing else may be a label."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import compile_path

#: What every path is that no address of the program matches.
UNKNOWN = "(none)"
STATIC = "/static"


class Addresses:
    """The addresses of an application, each as it is declared."""

    def __init__(self, templates: Iterable[str]) -> None:
        # An address that is written out wins over one with a hole in its place.
        ordered = sorted({*templates, "/openapi.json"}, key=lambda each: (each.count("{"), each))
        self._patterns = tuple((template, compile_path(template)[0]) for template in ordered)

    def template(self, path: str) -> str:
        """The address that a path is of; one of a closed list, whatever a caller sends."""
        if path.startswith(f"{STATIC}/"):
            return STATIC
        return next((template for template, pattern in self._patterns if pattern.match(path)), UNKNOWN)
