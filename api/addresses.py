"""Which address of the program a path is: "/v1/topics/pooling" is "/v1/topics/{id}". Nothing else may be a label."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from starlette.routing import compile_path

#: What every path is that no address of the program matches.
UNKNOWN = "(none)"
STATIC = "/static"


class Addresses:
    """The addresses of an application, each as it is declared, with the methods that it takes."""

    def __init__(self, declared: Iterable[tuple[str, Collection[str]]]) -> None:
        self._methods: dict[str, set[str]] = {"/openapi.json": {"GET"}}
        for template, methods in declared:
            self._methods.setdefault(template, set()).update(methods)
        # An address that is written out wins over one with a hole in its place.
        ordered = sorted(self._methods, key=lambda each: (each.count("{"), each))
        self._patterns = tuple((template, compile_path(template)[0]) for template in ordered)

    def template(self, path: str) -> str:
        """The address that a path is of; one of a closed list, whatever a caller sends."""
        if path.startswith(f"{STATIC}/"):
            return STATIC
        return next((template for template, pattern in self._patterns if pattern.match(path)), UNKNOWN)

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that the address of a path takes; the framework names those of one of its routes alone."""
        found = self._methods.get(self.template(path), {"GET"})
        return tuple(sorted(found | ({"HEAD"} if "GET" in found else set())))
