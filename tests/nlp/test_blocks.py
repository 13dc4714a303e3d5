"""The block model: what it reads, how it joins lines, and that it holds on pages unlike those it was made from."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from nlp.block_features import FEATURES, features
from nlp.block_model import GROUPS, STATES, join, read_model, shipped_model
from nlp.errors import DataError, NotSetUpError
from nlp.page_lines import patterns, read_lines
from nlp.page_rules import place
from nlp.records import Article, BlockKind
from nlp.steps.segment import segment

LAYOUTS = Path(str(files("corpora") / "blocks" / "layouts.jsonl"))
SHIPPED = Path(str(files("models") / "blocks-1"))
BODY = (
    "The parish clerk of Oakhurst has asked the health board to keep the surgery open until the road is built.",
    "Joan Tilley said the nearest practice was nine miles away. “There are 400 people here without a car,” she said.",
    "The board said it would decide in May. It has set aside £90,000 for a minibus.",
)


def kinds(*lines: str) -> list[BlockKind]:
    text = "\n\n".join(lines)
    return [block.kind for block in segment(Article("a", "test", text, "text/1")).blocks]


def test_comments_without_a_heading_are_told_by_names_dates_and_replies() -> None:
    found = kinds(
        "Oakhurst asks board to keep branch surgery",
        *BODY,
        "maggie_p • 3 days ago",
        "Same old story, nobody asked us and nobody will!!",
        "Like · Reply · Report",
        "Old Tom • 2 days ago",
        "I've waited five weeks. Can't they just open on Saturdays?",
        "Like · Reply · Report",
    )
    assert found[1:4] == [BlockKind.PARAGRAPH] * 3
    assert found[5] is found[8] is BlockKind.READER_COMMENT
    assert not {BlockKind.PARAGRAPH, BlockKind.HEADLINE} & set(found[4:])


@pytest.mark.parametrize(
    "line",
    [
        "Sign up to our daily newsletter",
        "© Oakhurst Press 2021. All rights reserved",
        "Facebook Twitter WhatsApp Email Print",
        "Most read",
    ],
)
def test_furniture_between_paragraphs_leaves_the_paragraphs_whole(line: str) -> None:
    found = kinds("Oakhurst asks board to keep branch surgery", BODY[0], line, *BODY[1:])
    assert found == [BlockKind.HEADLINE, BlockKind.PARAGRAPH, BlockKind.BOILERPLATE, *[BlockKind.PARAGRAPH] * 2]


def test_letters_to_the_editor_are_the_article_and_no_comments() -> None:
    letter = (
        "SIR – I have been a patient in Oakhurst for forty years and I won't go to Elmley by bus, thank you very much!"
    )
    other = "SIR – The fare to Elmley went up by 40p in June. I can't see who can pay that twice a week on a pension."
    found = kinds("Your letters", "Keep our surgery", letter, "Ivor Crane", "Oakhurst", "Bus fares", other, "Una Pike")
    assert found[2] is found[6] is BlockKind.PARAGRAPH


def test_on_a_live_page_short_entries_between_times_stay() -> None:
    times = ["9.02am", "9.40am", "10.15am", "11.00am"]
    entries = [
        "The hall is full.",
        "The motion is lost by 40 votes to 12.",
        "Lunch is soup.",
        "The chair has gone home.",
    ]
    page = [line for pair in zip(times, entries, strict=True) for line in pair]
    found = kinds("Oakhurst meeting: live", BODY[0], *page)
    assert found[3::2] == [BlockKind.PARAGRAPH] * 4
    assert found[2::2] == [BlockKind.BOILERPLATE] * 4


def test_nothing_below_a_comments_line_is_the_article_however_much_it_reads_like_it() -> None:
    found = kinds("Oakhurst asks board to keep branch surgery", *BODY, "Readers’ comments (3)", *BODY)
    assert found[1:4] == [BlockKind.PARAGRAPH] * 3
    assert not {BlockKind.PARAGRAPH, BlockKind.PULL_QUOTE, BlockKind.HEADLINE} & set(found[4:])


def test_features_have_a_name_each_and_a_row_for_each_line() -> None:
    lines = list(read_lines("\n\n".join(BODY)))
    read = features(lines, place(lines, 3), 3)
    assert read.shape == (3, len(FEATURES)) and len(set(FEATURES)) == len(FEATURES)
    assert np.isfinite(read).all()
    assert features([], [], 0).shape == (0, len(FEATURES))


def test_the_chain_lets_neighbours_decide_what_a_line_leaves_open() -> None:
    stay = np.array([[9.0, 1.0], [1.0, 9.0]])
    likely = np.array([[0.9, 0.1], [0.5, 0.5], [0.9, 0.1], [0.1, 0.9]])
    joined = join(likely, np.ones(2), stay, np.ones(2))
    assert joined[1, 0] > 0.85 and joined[3, 1] > 0.5
    assert np.allclose(joined.sum(axis=1), 1)


def test_probabilities_of_a_page_add_up_and_no_page_is_too_long() -> None:
    lines = list(read_lines("\n\n".join(BODY * 700)))
    read = shipped_model(FEATURES).read(features(lines, place(lines, len(lines)), len(lines)))
    assert read.shape == (len(lines), len(GROUPS)) and np.allclose(read.sum(axis=1), 1)


def test_a_model_with_a_changed_weight_is_refused_by_name(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "blocks-1")
    weights = tmp_path / "blocks-1" / "weights.json"
    weights.write_text(weights.read_text().replace("1", "2", 1))
    with pytest.raises(NotSetUpError, match=r"weights\.json"):
        try:
            read_model(tmp_path / "blocks-1", FEATURES)
        except NotSetUpError as error:
            raise NotSetUpError(str(error)) from error


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(NotSetUpError, match="other features"):
        read_model(SHIPPED, FEATURES[:-1])


def test_the_words_that_open_the_door_to_the_patterns_miss_no_line() -> None:
    for row in LAYOUTS.read_text(encoding="utf-8").splitlines():
        for line in read_lines("\n\n".join(text for _, text in json.loads(row)["lines"])):
            if len(line.words) <= 22:
                assert line.is_furniture == bool(patterns("boilerplate").search(line.text)), line.text
                assert line.is_caption == bool(patterns("caption").search(line.text)), line.text


def test_the_model_tells_states_of_every_group() -> None:
    assert shipped_model(FEATURES).weights.shape == (len(FEATURES), len(STATES))


def test_layouts_and_labels_fit_and_a_bad_row_is_named(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    from nlp.learn.blocks_data import gold_pages, read_layouts

    folder = LAYOUTS.parent
    assert len(read_layouts(LAYOUTS)) >= 40
    assert len(gold_pages(folder.parent / "gold", folder / "gold.json")) == 186
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"layout": "x", "lines": [["z", "no such kind"]]}\n')
    with pytest.raises(DataError) as refused:
        read_layouts(broken)
    assert "broken.jsonl:1" in str(refused.value)


def test_training_is_the_same_twice_and_the_shipped_decisions_hold_on_layouts_left_out() -> None:
    pytest.importorskip("sklearn")
    from nlp.learn.blocks import fit, leave_out, read_material

    material = read_material(LAYOUTS.parent, LAYOUTS.parent.parent / "gold")
    first, second = (fit(material.layouts[:20], material, recombined=20) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    found, ruled = leave_out(material, folds=2, recombined=100)
    assert found.excluded >= 0.95 > ruled.excluded


def test_the_report_scores_a_folder_and_names_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    from nlp.learn.blocks_report import main

    assert main([str(tmp_path)]) == 4
    rows = [("headline", "Oakhurst asks board to keep branch surgery"), *(("paragraph", line) for line in BODY)]
    rows.append(("boilerplate", "Sign up to our daily newsletter"))
    (tmp_path / "page.txt").write_text("\n\n".join(text for _, text in rows), encoding="utf-8")
    (tmp_path / "page.json").write_text(
        json.dumps({"blocks": [{"kind": kind, "text": text} for kind, text in rows]}), encoding="utf-8"
    )
    assert main([str(tmp_path), "--errors"]) == 0
    assert "all pages: 5 lines, F1 of comments and furniture 1.000" in capsys.readouterr().out
    (tmp_path / "page.json").write_text("{}")
    assert main([str(tmp_path)]) == 5
    assert "page.json" in capsys.readouterr().err


def test_a_comments_link_above_the_body_does_not_make_the_body_comments() -> None:
    cookies = (
        "Your privacy matters to us. We and our 90 partners store personal data such as your visit on this device."
    )
    found = kinds(
        *(cookies, "Oakhurst asks board to keep branch surgery", "By Ivy Crane", "14 comments", *BODY, "14 comments"),
        *("maggie_p, 3 days ago", "Same old story, nobody asked us and nobody will!!"),
    )
    assert found[4:7] == [BlockKind.PARAGRAPH] * 3
    assert found[-1] is BlockKind.READER_COMMENT


def test_an_entry_of_a_live_page_on_comments_does_not_make_the_rest_comments() -> None:
    entries = ("10.15am", BODY[1], "9.40am", "From the comments", BODY[2], "9.02am", BODY[0])
    found = kinds("Oakhurst meeting: live", *entries, "Comments (40)", "Old Tom, 3 days ago", "First!")
    assert [found[i] for i in (2, 5, 7)] == [BlockKind.PARAGRAPH] * 3
