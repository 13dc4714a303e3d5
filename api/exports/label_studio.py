"""Articles as tasks of Label Studio, JSON Lines: what was found stands in each as a prediction to be corrected.

``CONFIG`` is the labelling interface that the tasks are made for. A statement is a region whose id is its line
("ARTICLE:s1/pooling"), with topic, stance and holder asked of it; a statement with stances on two topics is two
regions. Offsets count code points, as Label Studio's do. A list that is exported from there again, as JSON or JSON
Lines, is read by ``api.exports.label_studio_import``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.exports.about import About
from api.exports.jsonl import json_line
from api.exports.regions import Marked, Region
from api.schemas import web_url
from nlp.records import StanceLabel

_CHOICES = "\n".join(f'    <Choice value="{label.value}"/>' for label in StanceLabel)
CONFIG = f"""<View>
  <Labels name="label" toName="text">
    <Label value="statement"/><Label value="holder"/><Label value="cue"/><Label value="condition"/>
  </Labels>
  <Relations>
    <Relation value="said_by"/><Relation value="reported_by"/><Relation value="depends_on"/>
    <Relation value="continues"/>
  </Relations>
  <Text name="text" value="$text" granularity="word"/>
  <Choices name="topic" toName="text" perRegion="true" whenTagName="label" whenLabelValue="statement" value="$topics"/>
  <Choices name="stance" toName="text" perRegion="true" whenTagName="label" whenLabelValue="statement">
{_CHOICES}
  </Choices>
  <TextArea name="holder" toName="text" perRegion="true" whenTagName="label" whenLabelValue="statement"
    maxSubmissions="1"/>
</View>
"""


def stream_label_studio(found: Iterable[Marked], topics: Mapping[str, str], about: About) -> Iterator[str]:
    """A task an article."""
    for article in found:
        own = {line.view.topic for each in article.regions.values() for line in (each.line,) if line and line.view}
        offered = [
            {"value": id, "html": name} for id, name in {**topics, **{id: topics.get(id, id) for id in own}}.items()
        ]
        source = article.source
        told = {"article": source.id, "title": source.title, "publisher": source.publisher, "url": web_url(source.url)}
        told |= {"published": str(source.published) if source.published else None, "licence": source.licence}
        result = [item for region in article.regions.values() for item in _results(region, article.text)]
        result += [
            {"type": "relation", "from_id": tie.source, "to_id": tie.target, "direction": "right", "labels": [tie.kind]}
            for tie in article.ties
        ]
        prediction = {"model_version": f"standpoint {source.version} {source.run}", "result": result}
        exported = [_found(each) for each in article.regions.values() if _is_whole(each)]
        data = {"text": article.text, **told, "topics": offered, "found": exported, "made_by": about.made}
        yield json_line({"data": data, "predictions": [prediction]})


def _results(region: Region, text: str) -> Iterator[dict[str, Any]]:
    place = {"start": region.start, "end": region.end, "text": text[region.start : region.end]}
    base = {"id": region.id, "to_name": "text"}
    yield {**base, "from_name": "label", "type": "labels", "value": {**place, "labels": [region.kind]}}
    line = region.line
    if line is None or not _is_whole(region):
        return
    if line.view:
        yield {**base, "from_name": "topic", "type": "choices", "value": {**place, "choices": [line.view.topic]}}
        yield {**base, "from_name": "stance", "type": "choices", "value": {**place, "choices": [line.view.label]}}
    if line.holder:
        yield {**base, "from_name": "holder", "type": "textarea", "value": {**place, "text": [line.holder.name]}}


def _is_whole(region: Region) -> bool:
    """Whether the region is what is asked of: the first part of a statement."""
    return region.line is not None and region.id == region.line.name


def _found(region: Region) -> dict[str, Any]:
    """What was found, as the import compares it with what comes back."""
    line = region.line
    view, holder = (line.view, line.holder) if line else (None, None)
    return {
        "id": region.id,
        "start": region.start,
        "end": region.end,
        "topic": view.topic if view else None,
        "stance": view.label if view else None,
        "holder": holder.name if holder else None,
        "words": line.words if line else "",
    }
