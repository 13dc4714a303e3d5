"""Quotations in every style that the UK press prints and mistypes: what is said, and by whom, by name.

A snippet is a paragraph or a few; what is expected is (content, holder) of each statement in the order of the text.
The parts of a quotation that its cue splits are joined by " | ". A stop or a mark at an end, and "that" at the
beginning, count for nothing here; None is a statement of nobody who is named or described.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from nlp.language import load_models
from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Manner

ELLERY, PARRISH, LMC = "Maud Ellery", "Tom Parrish", "Kent LMC"
Said = list[tuple[str, str | None]]

#: One sentence in each pair of marks, matched and mismatched.
PAIRS = [
    "‘’", "“”", "''", '""', "’’", "””", "‘‘", "““", "‘'", "'’", "“\"", "\"”", "`'", "`´", "´´", "„“", "„”", "«»",
    "‛’", "‟”", "‹›", "‚‘", "″″", "′′", "＂＂", ",,“", "``''", "''''", "‘‘’’",
]  # fmt: skip


def read(text: str) -> Analysis:
    """Without the cross-encoder: it reads no statements."""
    return analyse(
        Article(Article.identify("style", text), "style", text, "text 1"), (), replace(load_models(), reader=None)
    )


def said(text: str) -> Said:
    analysis = read(text)
    names: dict[str | None, str | None] = {s.id: s.name for s in analysis.stakeholders}
    return [(" | ".join(_bare(span.text) for span in s.spans), names.get(s.holder)) for s in analysis.statements]


def _bare(words: str) -> str:
    return re.sub(r"^that\s+", "", words).strip(" \t\r\n.,;:!?…‘’“”'\"`´„‟‚‛«»‹›″′＂")


def split(pair: str) -> tuple[str, str]:
    return pair[: (len(pair) + 1) // 2], pair[(len(pair) + 1) // 2 :]


@pytest.mark.parametrize("pair", PAIRS)
def test_marks_before_and_behind_a_quotation_with_its_cue_behind(pair: str) -> None:
    first, last = split(pair)
    text = f"{first}The board never asked us about the pilot,{last} said Dr Maud Ellery of Kent LMC on Friday."
    assert said(text) == [("The board never asked us about the pilot", ELLERY)]
    assert read(text).statements[0].manner is Manner.DIRECT


@pytest.mark.parametrize("pair", PAIRS)
def test_marks_before_and_behind_a_quotation_with_its_cue_before(pair: str) -> None:
    first, last = split(pair)
    text = f"Dr Maud Ellery of Kent LMC said: {first}The board never asked us about the pilot.{last} Then she left."
    assert said(text) == [("The board never asked us about the pilot", ELLERY)]
    assert read(text).statements[0].manner is Manner.DIRECT


@pytest.mark.parametrize("pair", PAIRS)
def test_a_short_paragraph_that_ends_in_a_mark_is_no_crosshead(pair: str) -> None:
    first, last = split(pair)
    text = BODY.format(first="", third="", second=f"Dr Maud Ellery said: {first}Nobody asked us.{last}\n\n")
    assert ("Nobody asked us", ELLERY) in said(text)


STYLES: dict[str, tuple[str, Said]] = {
    # ---- where the stop stands
    "the comma outside": (
        "‘The pilot is over’, said Dr Maud Ellery of Kent LMC.",
        [("The pilot is over", ELLERY)],
    ),
    "the stop outside": (
        "Dr Maud Ellery said: ‘The pilot is over’.",
        [("The pilot is over", ELLERY)],
    ),
    "an exclamation": (
        "“We will not pay for the second year of it!” said Dr Maud Ellery. Nobody answered.",
        [("We will not pay for the second year of it", ELLERY)],
    ),
    "no comma before the cue": (
        "‘The pilot is over and nobody will miss it’ said Dr Maud Ellery.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "brackets at the start": (
        "‘[The board] never asked us about it,’ Dr Maud Ellery said.",
        [("[The board] never asked us about it", ELLERY)],
    ),
    "a comma leads in": (
        "Dr Maud Ellery said, “The pilot is over and we are glad of it.”",
        [("The pilot is over and we are glad of it", ELLERY)],
    ),
    "a stray space inside the marks": (
        "Dr Maud Ellery said: ‘ The pilot is over and we are glad of it. ’",
        [("The pilot is over and we are glad of it", ELLERY)],
    ),
    "no space before the mark": (
        "Dr Maud Ellery said:‘The pilot is over and we are glad of it.’",
        [("The pilot is over and we are glad of it", ELLERY)],
    ),
    "no-break spaces": (
        "Dr\u00a0Maud\u00a0Ellery said:\u00a0‘The pilot is over and we are glad of it.’",
        [("The pilot is over and we are glad of it", ELLERY)],
    ),
    # ---- apostrophes inside
    "contractions in curly single marks": (
        "‘We can’t say it’s ours when they’ve paid and we haven’t,’ said Dr Maud Ellery.",
        [("We can’t say it’s ours when they’ve paid and we haven’t", ELLERY)],
    ),
    "contractions in straight single marks": (
        "'We can't say it's ours when they've paid and we haven't,' said Dr Maud Ellery.",
        [("We can't say it's ours when they've paid and we haven't", ELLERY)],
    ),
    "possessives in curly single marks": (
        "‘The patients’ records and the practices’ staff go too,’ said Dr Maud Ellery.",
        [("The patients’ records and the practices’ staff go too", ELLERY)],
    ),
    "possessives in straight single marks": (
        "'The patients' records and the practices' staff go too,' said Dr Maud Ellery.",
        [("The patients' records and the practices' staff go too", ELLERY)],
    ),
    "elisions inside": (
        "‘It was the same in the ’90s, so give ’em time,’ said Dr Maud Ellery.",
        [("It was the same in the ’90s, so give ’em time", ELLERY)],
    ),
    "an elision that opens": (
        "‘’Twas ever thus with pilots in this county,’ said Dr Maud Ellery.",
        [("Twas ever thus with pilots in this county", ELLERY)],
    ),
    "a name with an apostrophe": (
        "‘Mr O’Dowd’s board and St John’s trust both knew,’ said Dr Maud Ellery.",
        [("Mr O’Dowd’s board and St John’s trust both knew", ELLERY)],
    ),
    "feet and inches": (
        "“We have a cupboard of 6' 2\" for three nurses,” said Dr Maud Ellery.",
        [("We have a cupboard of 6' 2\" for three nurses", ELLERY)],
    ),
    "possessives outside": (
        "The doctors’ leader, Dr Maud Ellery, said: ‘The pilot is over.’ The practices’ staff were told.",
        [("The pilot is over", ELLERY)],
    ),
    # ---- nested
    "double in single": (
        "‘They told us “there is no more money” and left,’ said Dr Maud Ellery.",
        [("They told us “there is no more money” and left", ELLERY)],
    ),
    "single in double": (
        "“They told us ‘there is no more money’ and left,” said Dr Maud Ellery.",
        [("They told us ‘there is no more money’ and left", ELLERY)],
    ),
    "straight single in straight double": (
        "\"They told us 'there is no more money' and left,\" said Dr Maud Ellery.",
        [("They told us 'there is no more money' and left", ELLERY)],
    ),
    "straight double in straight single": (
        "'They told us \"there is no more money\" and left,' said Dr Maud Ellery.",
        [('They told us "there is no more money" and left', ELLERY)],
    ),
    "single in single": (
        "‘They told us ‘there is no more money’ and left,’ said Dr Maud Ellery.",
        [("They told us ‘there is no more money’ and left", ELLERY)],
    ),
    "both end together": (
        "Dr Maud Ellery said: “They told us, ‘There is no more money.’” She left.",
        [("They told us, ‘There is no more money", ELLERY)],
    ),
    "both end together in single marks": (
        "Dr Maud Ellery said: ‘They told us, “There is no more money.”’ She left.",
        [("They told us, “There is no more money", ELLERY)],
    ),
    "both begin together": (
        "“‘No more money’ is all we ever hear from the board,” said Dr Maud Ellery.",
        [("No more money’ is all we ever hear from the board", ELLERY)],
    ),
    "somebody else inside": (
        "‘Tom Parrish said to me “it is over”, and I believed him,’ said Dr Maud Ellery.",
        [("Tom Parrish said to me “it is over”, and I believed him", ELLERY)],
    ),
    "an inner one that is not closed": (
        "‘They told us “there is no more money and left,’ said Dr Maud Ellery. She did too.",
        [("They told us “there is no more money and left", ELLERY)],
    ),
    # ---- open over paragraphs
    "open over two paragraphs": (
        "Dr Maud Ellery said: ‘The pilot is over.\n\n‘Nobody will miss it here.’",
        [("The pilot is over", ELLERY), ("Nobody will miss it here", ELLERY)],
    ),
    "open over three paragraphs in straight marks": (
        'Dr Maud Ellery said: "The pilot is over.\n\n"Nobody will miss it here.\n\n"We have work to do."',
        [("The pilot is over", ELLERY), ("Nobody will miss it here", ELLERY), ("We have work to do", ELLERY)],
    ),
    "open over paragraphs with the cue in the first": (
        "‘The pilot is over,’ Dr Maud Ellery said. ‘The money has gone.\n\n‘Nobody will miss it here.’",
        [("The pilot is over | The money has gone", ELLERY), ("Nobody will miss it here", ELLERY)],
    ),
    "closed in each paragraph": (
        "Dr Maud Ellery said: ‘The pilot is over.’\n\n‘Nobody will miss it here, I am sure.’",
        [("The pilot is over", ELLERY), ("Nobody will miss it here, I am sure", ELLERY)],
    ),
    "open, then a paragraph of narration": (
        "Dr Maud Ellery said: ‘The pilot is over.\n\nThe trust runs four hospitals in the county and has two more.",
        [("The pilot is over", ELLERY)],
    ),
    "open, then somebody else": (
        "Dr Maud Ellery said: “The pilot is over.\n\nTom Parrish, a GP in Deal, said: “It has hardly begun.”",
        [("The pilot is over", ELLERY), ("It has hardly begun", PARRISH)],
    ),
    # ---- split by the cue
    "split between sentences": (
        "“The pilot is over,” said Dr Maud Ellery. “Nobody will miss it.”",
        [("The pilot is over | Nobody will miss it", ELLERY)],
    ),
    "split within a sentence": (
        "‘The pilot,’ Dr Maud Ellery said, ‘is over and nobody will miss it.’",
        [("The pilot | is over and nobody will miss it", ELLERY)],
    ),
    "split in straight single marks with apostrophes": (
        "'It's the board's pilot,' Dr Maud Ellery said, 'and the board's mistake.'",
        [("It's the board's pilot | and the board's mistake", ELLERY)],
    ),
    "split before a few words": (
        "'It's the GPs' money,' said Dr Maud Ellery, 'and the patients' too.'",
        [("It's the GPs' money | and the patients' too", ELLERY)],
    ),
    "split by a cue and a dash": (
        "“The pilot is over,” Dr Maud Ellery said – “and nobody will miss it.”",
        [("The pilot is over | and nobody will miss it", ELLERY)],
    ),
    "an outer one that is not closed": (
        "“We said to the board, ‘Please stop,’ said Dr Maud Ellery.",
        [("We said to the board, ‘Please stop", ELLERY)],
    ),
    "two speakers in a paragraph": (
        "“The pilot is over,” said Dr Maud Ellery. “It has hardly begun,” said Tom Parrish, a GP in Deal.",
        [("The pilot is over", ELLERY), ("It has hardly begun", PARRISH)],
    ),
    # ---- an odd number of marks
    "never closed": (
        "Dr Maud Ellery said: ‘The pilot is over and nobody will miss it.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "never opened": (
        "The pilot is over and nobody will miss it,’ said Dr Maud Ellery.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "never opened, double": (
        "The pilot is over and nobody will miss it,” said Dr Maud Ellery.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "closed twice": (
        "Dr Maud Ellery said: ‘The pilot is over and nobody will miss it.’’ Then she left.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "opened twice": (
        "Dr Maud Ellery said: ““The pilot is over and nobody will miss it.” Then she left.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "a stray mark in the narration": (
        "The pilot” ended in May. Dr Maud Ellery said: “Nobody will miss it in the county.”",
        [("Nobody will miss it in the county", ELLERY)],
    ),
    # ---- quoted words in a sentence
    "a fragment in a reported clause": (
        "Dr Maud Ellery said that the pilot was ‘a waste of money’ for practices.",
        [("the pilot was ‘a waste of money’ for practices", ELLERY)],
    ),
    "two fragments in a reported clause": (
        "Dr Maud Ellery said the pilot was “a waste” and the board “asleep”.",
        [("the pilot was “a waste” and the board “asleep”", ELLERY)],
    ),
    "a so-called thing is no statement": (
        "The so-called “super practice” opened in May and has taken over two of the surgeries.",
        [],
    ),
    "somebody described and not named, behind the cue": (
        "“We were never told about any of this,” said one woman in the queue on Friday.",
        [("We were never told about any of this", "woman in the queue")],
    ),
    "somebody described and not named, before the cue": (
        "Dr Maud Ellery said: ‘The pilot is over.’\n\n‘We were never told about it,’ a man at the back said.",
        [("The pilot is over", ELLERY), ("We were never told about it", "man at the back")],
    ),
    "nobody who is named or described": (
        "Dr Maud Ellery said: ‘The pilot is over.’\n\n‘We were never told about it,’ said another.",
        [("The pilot is over", ELLERY), ("We were never told about it", None)],
    ),
    "a delayed cue wins over whoever spoke before": (
        "‘The pilot is over,’ said Dr Maud Ellery.\n\n‘It has hardly begun, in truth.\n\n‘The money is there,’ said "
        "Tom Parrish, a GP in Deal.",
        [("The pilot is over", ELLERY), ("It has hardly begun, in truth", PARRISH), ("The money is there", PARRISH)],
    ),
    "an open quotation goes on before the next speaker is named": (
        "Dr Maud Ellery said: ‘The pilot is over.\n\n‘The money has gone, in truth.\n\n‘It has hardly begun,’ said "
        "Tom Parrish, a GP in Deal.",
        [("The pilot is over", ELLERY), ("The money has gone, in truth", ELLERY), ("It has hardly begun", PARRISH)],
    ),
    "a body speaks": (
        "‘The pilot is over and we are glad of it,’ Kent LMC said in a statement.",
        [("The pilot is over and we are glad of it", LMC)],
    ),
    "a label without marks": (
        "Dr Maud Ellery: The pilot is over and we are glad of it.",
        [("The pilot is over and we are glad of it", ELLERY)],
    ),
    # ---- marks left out or mixed, and cues in odd places
    "a dash before the cue": (
        "‘The pilot is over and nobody will miss it’ – Dr Maud Ellery, chair of Kent LMC.",
        [("The pilot is over and nobody will miss it", ELLERY)],
    ),
    "a title before a dash is no statement": (
        "‘Care close to home’ – Kent LMC’s plan for the surgeries of the county – was printed in May and sent to all.",
        [],
    ),
    "dots at both ends": (
        "“… we were never asked, and we will not be asked now …” Dr Maud Ellery said.",
        [("we were never asked, and we will not be asked now", ELLERY)],
    ),
    "no space behind the mark": (
        "‘The pilot is over and we are glad of it,’said Dr Maud Ellery.",
        [("The pilot is over and we are glad of it", ELLERY)],
    ),
    "a possessive at the end": (
        "‘The money is not ours, it is the patients’,’ said Dr Maud Ellery.",
        [("The money is not ours, it is the patients’", ELLERY)],
    ),
    "open over paragraphs with the cue in the last": (
        "‘The pilot is over and the money has gone.\n\n‘Nobody will miss it here,’ said Dr Maud Ellery.",
        [("The pilot is over and the money has gone", ELLERY), ("Nobody will miss it here", ELLERY)],
    ),
    "not opened again in the next paragraph": (
        "Dr Maud Ellery said: “The pilot is over and the money has gone.\n\nNobody will miss it here, I am sure.”",
        [("The pilot is over and the money has gone", ELLERY), ("Nobody will miss it here, I am sure", ELLERY)],
    ),
    "split by a cue between dashes": (
        "“The pilot is over” – Dr Maud Ellery said – “and nobody will miss it.”",
        [("The pilot is over | and nobody will miss it", ELLERY)],
    ),
    "split in mixed marks": (
        "‘The pilot is over,\" Dr Maud Ellery said. “Nobody will miss it.'",
        [("The pilot is over | Nobody will miss it", ELLERY)],
    ),
    "the second half not opened": (
        "‘The pilot is over,’ said Dr Maud Ellery. Nobody will miss it in the county.’",
        [("The pilot is over | Nobody will miss it in the county", ELLERY)],
    ),
    "the first half not closed": (
        "‘The pilot is over, said Dr Maud Ellery. ‘Nobody will miss it in the county.’",
        [("The pilot is over | Nobody will miss it in the county", ELLERY)],
    ),
    "a title in marks is no statement": (
        "The report, ‘Care close to home’, was printed in May and sent to all of the practices.",
        [],
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_style_of_quotation_is_read(style: str) -> None:
    text, expected = STYLES[style]
    assert [(_bare_all(content), holder) for content, holder in expected] == said(text)


#: Quoted words inside a reported clause.
FRAGMENTS = {"a fragment in a reported clause", "two fragments in a reported clause"}


def test_quotations_are_direct_but_for_fragments_in_a_sentence() -> None:
    reported = {
        style
        for style, (text, _) in STYLES.items()
        if any(s.manner is not Manner.DIRECT for s in read(text).statements)
    }
    assert reported == FRAGMENTS


def _bare_all(content: str) -> str:
    return " | ".join(map(_bare, content.split(" | ")))


BODY = (
    "Pilot of pooled budgets to end in Kent\n\n"
    "The pilot of pooled budgets in Kent will end in May, a year before its time, the board was told on Friday.\n\n"
    "{first}"
    "Dr Maud Ellery, chair of Kent LMC, said: ‘We have carried this pilot for two years on nothing but goodwill, "
    "and the money never came to the practices that did the work.’\n\n"
    "{second}"
    "The county council will look at what is left of the money in June and report to the board.{third}"
)
QUOTE = "We have carried this pilot for two years on nothing but goodwill"
REPEATS = {
    "a pull quote in the marks of the body": f"‘{QUOTE}’",
    "a pull quote in other marks": f"“{QUOTE}”",
    "a pull quote without marks": QUOTE,
    "a pull quote with its speaker": f"“{QUOTE}” – Dr Maud Ellery",
    "a pull quote cut short": "“Two years on nothing but goodwill …”",
    "a caption that quotes": f"Pictured: Dr Maud Ellery: ‘{QUOTE}’",
    "a caption with its photographer": f"Dr Maud Ellery: ‘{QUOTE}’ (Photo: Ann Orr)",
}


@pytest.mark.parametrize("style", REPEATS)
@pytest.mark.parametrize("place", ["first", "second", "third"])
def test_a_repeat_of_the_body_is_no_second_statement(style: str, place: str) -> None:
    line = REPEATS[style]
    parts = dict.fromkeys(("first", "second", "third"), "")
    parts[place] = f"\n\n{line}" if place == "third" else f"{line}\n\n"
    analysis = read(BODY.format(**parts))
    names = {s.id: s.name for s in analysis.stakeholders}
    (statement,) = [s for s in analysis.statements if QUOTE[3:40] in s.text or "goodwill" in s.text]
    assert statement.holder and names[statement.holder] == ELLERY
    assert "and the money never came" in statement.text
    assert len(statement.repeats) == 1 and "goodwill" in statement.repeats[0].text
    assert statement.repeats[0].text in line
