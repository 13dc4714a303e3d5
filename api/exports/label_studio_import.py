"""Tasks that come back from Label Studio (export "JSON", or the same as JSON Lines) as verdicts.

A task carries under ``data.found`` what was exported, so that nothing else is needed to compare: a region that is as
it was confirms, one with another place, topic, stance or holder corrects, and one that was taken away is rejected. A
region is known by its id or, where Label Studio gave it another, by its place and topic. Annotations that were
cancelled say nothing; of several people's annotations each gives its own verdicts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from api.exports.verdicts import Imported, ImportedVerdict, Verdict

_FIELDS = ("start", "end", "topic", "stance", "holder")


def read_label_studio(lines: Iterable[str]) -> Imported:
    """The verdicts of a file; a fault names the line, or the task's number where the file is one list."""
    found = Imported()
    for number, task in _tasks(lines, found):
        data = task.get("data")
        known = data.get("found") if isinstance(data, dict) else None
        if not isinstance(known, list):
            found.refuse(number, "the task has no data.found; it was not exported from here, or its data was changed")
            continue
        for annotation in task.get("annotations") or ():
            if isinstance(annotation, dict) and not annotation.get("was_cancelled"):
                _read(number, annotation, known, found)
    return found


def _tasks(lines: Iterable[str], found: Imported) -> Iterator[tuple[int, dict[str, Any]]]:
    waiting = iter(lines)
    first = next(waiting, "")
    if first.lstrip("\ufeff ").startswith("["):
        texts = [(1, "".join([first, *waiting]))]
    else:
        texts = list(enumerate([first, *waiting], 1))
    for number, text in texts:
        if not text.strip():
            continue
        try:
            parsed = json.loads(text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            found.refuse(number, "is no JSON; export it again as JSON")
            continue
        tasks = list(enumerate(parsed, 1)) if number == 1 and isinstance(parsed, list) else [(number, parsed)]
        for at, task in tasks:
            if isinstance(task, dict):
                yield at, task
            else:
                found.refuse(at, "is no task")


def _read(number: int, annotation: Mapping[str, Any], known: list[Any], found: Imported) -> None:
    by, at = _person(annotation.get("completed_by")), _moment(annotation)
    regions = _regions(annotation.get("result"))
    for own in known:
        if not isinstance(own, dict) or "id" not in own:
            found.refuse(number, "a line of data.found was changed; it is left")
            continue
        region = regions.pop(own["id"], None) or _at_its_place(own, regions)
        words, correction = str(own.get("words", "")), dict[str, str | int]()
        if region is not None:
            changed = {name: region.get(name) for name in _FIELDS if region.get(name) != own.get(name)}
            correction = {name: value if value is not None else "" for name, value in changed.items()}
        verdict = Verdict.REJECT if region is None else Verdict.CORRECT if correction else Verdict.CONFIRM
        found.verdicts.append(ImportedVerdict(str(own["id"]), verdict, correction, by, at, words, number))
    for region in regions.values():
        place = f"{region.get('start')} to {region.get('end')}"
        found.refuse(number, f"a statement that was not exported ({place}): a verdict is on what was found")


def _regions(result: Any) -> dict[str, dict[str, Any]]:
    """The statements of an annotation by id: their place and what was answered of each."""
    regions: dict[str, dict[str, Any]] = {}
    items = [item for item in result or () if isinstance(item, dict) and isinstance(item.get("value"), dict)]
    for item in items:
        value, id = item["value"], str(item.get("id"))
        if value.get("labels") == ["statement"] and "#" not in id.rpartition("/")[2]:
            regions[id] = {"start": value.get("start"), "end": value.get("end")}
    for item in items:
        region, answer = regions.get(str(item.get("id"))), _answer(item["value"])
        if region is not None and answer is not None and item.get("from_name") in _FIELDS:
            region[item["from_name"]] = answer
    return regions


def _answer(value: Mapping[str, Any]) -> str | None:
    given = value.get("choices") or value.get("text")
    first = given[0] if isinstance(given, list) and given else None
    return first if isinstance(first, str) else None


def _at_its_place(own: Mapping[str, Any], regions: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    names = ("start", "end", "topic")
    same = (id for id, region in regions.items() if all(region.get(name) == own.get(name) for name in names))
    id = next(same, None)
    return None if id is None else regions.pop(id)


def _person(given: Any) -> str:
    if isinstance(given, dict):
        return str(given.get("email") or given.get("username") or given.get("id") or "")
    return "" if given is None else str(given)


def _moment(annotation: Mapping[str, Any]) -> datetime | None:
    given = annotation.get("updated_at") or annotation.get("created_at")
    try:
        return datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None
