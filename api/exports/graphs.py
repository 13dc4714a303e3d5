"""Positions as a network of stakeholders and proposals, for Gephi and others: GraphML and GEXF 1.2.

An edge is a position. ``weight`` is the number of distinct stories that show it; ``sign`` is 1 for support, 0.5 for
conditional, 0 for mixed and neutral, -1 for oppose; ``signed_weight`` is their product: programs that lay out networks
take no weight below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx

from api.exports.about import About
from api.exports.cleaning import Cleaner
from api.exports.positions import Standing, shown_stories
from nlp.records import StanceLabel

SIGNS = {StanceLabel.SUPPORT: 1.0, StanceLabel.CONDITIONAL: 0.5, StanceLabel.OPPOSE: -1.0}


def write_graphml(path: Path, found: Iterable[Standing], topics: Mapping[str, str], about: About) -> int:
    """Write the file; returns how many edges it has."""
    graph = network(found, topics, about)
    nx.write_graphml(graph, path)
    return int(graph.number_of_edges())


def write_gexf(path: Path, found: Iterable[Standing], topics: Mapping[str, str], about: About) -> int:
    """Write the file; an edge begins on the first day that its first date can mean. Returns how many edges it has."""
    graph = network(found, topics, about)
    graph.graph |= {"mode": "dynamic", "defaultedgetype": "directed"}
    for _, _, edge in graph.edges(data=True):
        if "first_day" in edge:
            edge["start"] = edge.pop("first_day")
    nx.write_gexf(graph, path)
    return int(graph.number_of_edges())


def network(found: Iterable[Standing], topics: Mapping[str, str], about: About) -> Any:
    """Stakeholders (s1, s3, …) and proposals (t2, …); control characters, which XML does not have, are taken out."""
    cleaner, nodes = Cleaner(), dict[tuple[str, str], str]()
    graph = nx.DiGraph(made_by=about.made)
    for each in found:
        position, holder = each.position, each.holder
        who = _node(graph, nodes, "stakeholder", holder.id, cleaner.clean(holder.name), holder.kind.value)
        topic = cleaner.clean(topics.get(position.topic, position.topic))
        on = _node(graph, nodes, "topic", position.topic, topic, "proposal")
        graph.add_edge(who, on, **_edge(each, cleaner))
    return graph


def _node(graph: Any, nodes: dict[tuple[str, str], str], type: str, id: str, label: str, kind: str) -> str:
    key = (type, id)
    if key not in nodes:
        nodes[key] = f"{type[0]}{len(nodes) + 1}"
        graph.add_node(nodes[key], label=label, type=type, kind=kind, id_in_standpoint=Cleaner().clean(id))
    return nodes[key]


def _edge(each: Standing, cleaner: Cleaner) -> dict[str, Any]:
    position, line = each.position, each.line
    sign, stories = SIGNS.get(position.label, 0.0), shown_stories(position)
    told: dict[str, Any] = {
        "weight": float(stories),
        "sign": sign,
        "signed_weight": sign * stories,
        "stance": position.label.value,
        "strength": position.strength.value,
        "confidence": position.confidence,
        "since": str(position.first) if position.first else None,
        "latest": str(position.last) if position.last else None,
        "first_day": position.first.value.isoformat() if position.first else None,
        "statement": line.statement if line else None,
        "url": line.source.url if line else None,
    }
    return {
        name: cleaner.clean(value) if isinstance(value, str) else value
        for name, value in told.items()
        if value is not None
    }
