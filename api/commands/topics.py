"""``standpoint topics``: what the topics are, what a new one would catch, and bringing what is stored to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from api.applying import (
    ApplyReport,
    CheckReport,
    Step,
    add_topic,
    apply_to_stored,
    check_stored,
    remove_topic,
    waiting_articles,
)
from api.commands.output import ProgressBar, note, one_line, say, say_json, say_table
from api.explaining import find_topic
from api.routes.why_bodies import AppliedOut, CheckOut
from api.schemas import TopicOut
from api.services import Services
from api.words import STANCES, count_words
from nlp.errors import NotSetUpError, TopicError, UnreadableError, UsageError
from nlp.records import Stakeholder, Topic
from nlp.topics import check_topic, load_topics

if TYPE_CHECKING:
    from nlp.topic_check import Catch


def list_topics(services: Services, *, as_json: bool) -> int:
    """Print every topic: the shipped ones, then those that were added."""
    known = services.topics()
    own = {topic.id for topic in known.values()} - {topic.id for topic in load_topics(None)}
    if as_json:
        say_json({"topics": [{**_document(topic), "shipped": topic.id not in own} for topic in known.values()]})
        return 0
    from rich.table import Table
    from rich.text import Text

    table = Table("Id", "Name", "Claim", "", title="Topics", title_justify="left")
    for topic in known.values():
        added = "added" if topic.id in own else ""
        table.add_row(*(Text(one_line(text)) for text in (topic.id, topic.name, topic.claim, added)))
    say_table(table)
    return 0


def show_topic(services: Services, name: str, *, as_json: bool) -> int:
    """Print one topic, and how many stored articles still wait to be brought to the topics."""
    topic = find_topic(services, name)
    waiting = _waiting(services)
    if as_json:
        say_json({**_document(topic), "waiting": waiting})
        return 0
    lines = [f"{topic.name} ({topic.id})", f"Claim: {topic.claim}"]
    lines += [f"Against it: {topic.counter_claim}"] if topic.counter_claim else []
    lines += [f"Phrases: {', '.join(topic.phrases)}"] if topic.phrases else []
    lines += ["Looked for only where a phrase stands"] if topic.named_only else []
    lines += [f"Support: {text}" for text in topic.supports] + [f"Opposition: {text}" for text in topic.opposes]
    lines += [f"From {topic.start}"] if topic.start else []
    lines += [f"To {topic.end}"] if topic.end else []
    lines += [f"{count_words(waiting, 'stored article')} not yet brought to the topics"] if waiting else []
    say("\n".join(map(one_line, lines)))
    return 0


def _document(topic: Topic) -> dict[str, object]:
    return TopicOut.from_record(topic).model_dump(mode="json")


def _waiting(services: Services) -> int:
    try:
        return len(waiting_articles(services.store, tuple(services.topics().values())))
    except NotSetUpError:
        return 0


def given_topics(
    file: Path | None,
    *,
    id: str | None,
    name: str | None,
    claim: str | None,
    counter_claim: str,
    phrases: Sequence[str] | None,
    named_only: bool,
) -> tuple[Topic, ...]:
    """The topics of a file, or the one that options give. Raises UsageError for both and for neither."""
    given = any((id, name, claim, counter_claim, phrases, named_only))
    if file is not None and given:
        raise UsageError("a topic comes from a file or from options, not from both")
    if file is not None:
        if not file.is_file():
            raise TopicError("there is no such topic file", where=str(file), do="check the name")
        return load_topics(file)
    if not id or not claim:
        raise UsageError("a topic needs a file, or --id and --claim")
    words = " ".join((name or id.replace("-", " ").capitalize()).split())
    topic = Topic(
        id=id,
        name=words,
        claim=claim.strip(),
        counter_claim=counter_claim.strip(),
        phrases=tuple(phrase.strip() for phrase in phrases or ()),
        named_only=named_only,
    )
    return (check_topic(topic, where="the topic of the options"),)


def add_topics(services: Services, topics: Sequence[Topic], *, as_json: bool) -> int:
    """Keep topics and apply them to what is stored; the exit code is 3 when some articles could not be read."""
    ids = {topic.id for topic in topics}
    fresh = [topic.id for topic in topics if add_topic(services, topic)]
    report = _apply(services, topics, what=f"Applying {', '.join(sorted(ids))}")
    if as_json:
        say_json({"topics": sorted(ids), "added": fresh, **AppliedOut.from_record(report).model_dump(mode="json")})
    else:
        there = [id for id in sorted(ids) if id not in fresh]
        told = [f"added {', '.join(fresh)}"] if fresh else []
        told += [f"{', '.join(there)} was there already"] if there else []
        note(f"{'; '.join(told)}; {_applied(report)}")
    return UnreadableError.exit_code if report.failed else 0


def remove(services: Services, id: str, *, as_json: bool) -> int:
    """Take a topic away with its stances, and bring what is stored to the others."""
    topic = remove_topic(services, id)
    report = _apply(services, [topic], what=f"Removing {id}")
    if as_json:
        say_json({"removed": id, **AppliedOut.from_record(report).model_dump(mode="json")})
    else:
        note(f"removed {id}; {_applied(report)}")
    return UnreadableError.exit_code if report.failed else 0


def apply(services: Services, *, as_json: bool) -> int:
    """Bring what is stored to the topics as they are: after an interruption, or after an upgrade."""
    report = _apply(services, (), what="Applying the topics")
    if as_json:
        say_json(AppliedOut.from_record(report).model_dump(mode="json"))
    else:
        note(_applied(report))
    return UnreadableError.exit_code if report.failed else 0


def _apply(services: Services, changed: Sequence[Topic], *, what: str) -> ApplyReport:
    with ProgressBar(what) as bar:

        def show(step: Step) -> None:
            bar.show(step.done, step.total, step.article)

        try:
            report = apply_to_stored(services, changed, progress=show)
        except KeyboardInterrupt:
            note("stopped; what is done is kept, and `standpoint topics apply` goes on with the rest")
            raise
    for id, reason in report.failed:
        note(f"standpoint: article {id}: {reason}")
    return report


def _applied(report: ApplyReport) -> str:
    articles = count_words(report.articles, "stored article")
    return f"{articles} brought to the topics, {report.changed} changed, {len(report.failed)} failed"


def check(services: Services, named: str, *, limit: int, as_json: bool) -> int:
    """Print what the topics of a file, or a known one, would catch and narrowly miss; nothing is written."""
    reports = [_check(services, topic) for topic in _topics_named(services, named)]
    who = {catch.holder for report in reports for catch in (*report.caught, *report.missed)}
    names = services.store.reader.stakeholders_by_id(who)
    if as_json:
        found = [CheckOut.from_record(report, names, limit=limit).model_dump(mode="json") for report in reports]
        say_json({"checks": found})
    else:
        for report in reports:
            say("\n".join(_check_lines(report, names, limit)))
    return 0


def _check(services: Services, topic: Topic) -> CheckReport:
    with ProgressBar(f"Checking {topic.id}") as bar:
        return check_stored(services, topic, progress=lambda step: bar.show(step.done, step.total, step.article))


def _topics_named(services: Services, named: str) -> tuple[Topic, ...]:
    """The topics of a file or, where there is no such file, the known one of this id."""
    path = Path(named)
    if path.is_file():
        return load_topics(path)
    if path.suffix.lower() in (".toml", ".json") or path.is_dir():
        raise TopicError("there is no such topic file", where=named, do="check the name")
    return (find_topic(services, named),)


def _check_lines(report: CheckReport, names: Mapping[str, Stakeholder], limit: int) -> list[str]:
    lines = [one_line(f"{report.topic.name} ({report.topic.id}), on {count_words(report.read, 'stored article')}")]
    for title, found in (("Would catch", report.caught), ("Narrowly would not catch", report.missed)):
        articles = count_words(len({catch.article for catch in found}), "article")
        lines += ["", f"{title} {count_words(len(found), 'statement')} in {articles}"]
        for catch in found[:limit]:
            lines += _catch_lines(catch, names)
        lines += [f"  … and {len(found) - limit} more (--limit)"] if len(found) > limit else []
    return lines


def _catch_lines(catch: Catch, names: Mapping[str, Stakeholder]) -> list[str]:
    stance, who = STANCES[catch.label], names[catch.holder].name if catch.holder in names else catch.holder
    place = f"{catch.article}:{catch.statement}" if catch.statement else f"{catch.article}, told by the writer"
    return [
        f"  {one_line(f'{stance.word} {stance.sign} {catch.score:.2f} {who}: “{catch.text}”')}",
        f"    {one_line(f'{catch.reason} ({place})')}",
    ]
