"""Bodies that nobody knows, by the words beside their names; people and places are none."""

from __future__ import annotations

import pytest

from nlp.named_bodies import bodies_by_context


def bodies(text: str) -> list[str]:
    return [text[start:end] for start, end in bodies_by_context(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The charity Warm Rooms Dorset said the grant was late.", "Warm Rooms Dorset"),
        ("Figures from the think tank ParishCount show a fall.", "ParishCount"),
        ("Warm Rooms, the pensioners’ charity, wants a pause.", "Warm Rooms"),
        ("It was leaked to Surgery Gazette last week.", "Surgery Gazette"),
        ("She told Town & Borough that it was over.", "Town & Borough"),
        ("A third of them will close, Surgery Gazette has learned.", "Surgery Gazette"),
        ("The leader of Eastmere council spoke.", "Eastmere council"),
        ("On Monday the Fenmarsh and Wash vanguard said so.", "Fenmarsh and Wash vanguard"),
    ],
)
def test_a_name_is_a_bodys_where_its_context_calls_it_one(text: str, name: str) -> None:
    assert bodies(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "She told Peter Dunmore that it was over.",
        "He told Monday Club, who had asked, no more.",
        "The charity said nothing. This council met.",
        "It’s council money. The Eastmere road is closed.",
        "It is run by the Fenmarsh and Wash vanguard now.",
        "Other councils met in Eastmere, a town of some size.",
    ],
)
def test_other_names_are_left_alone(text: str) -> None:
    assert bodies(text) == []
