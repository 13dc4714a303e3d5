"""Who is read as speaking, over the forms in which the press reports speech and the kinds of people it names in them.

Every form is read with every speaker. A form is what surrounds WHO; VERB stands for verbs of speech.
"""

from __future__ import annotations

from itertools import product

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Hint

#: As the press names them => how the id of the holder begins.
SPEAKERS = {
    "Dr Ann Poole": "ann-poole",
    "Kent LMC chair Dr Ann Poole": "ann-poole",
    "the GPC": "gpc",
    "the GPC’s deputy chair, Ann Poole": "ann-poole",
    "Unite regional officer Ann Poole": "ann-poole",
    "Cllr Ann Poole (Lab)": "ann-poole",
    "council leader Ann Poole": "ann-poole",
    "a spokeswoman for Hollin Trust": "hollin-trust",
    "campaigner Ann Poole": "ann-poole",
    "Kent County Council": "kent-county-council",
    "the charity Hollin Care": "hollin-care",
}
FORMS = (
    "The plan would be ‘a disaster for patients’, VERB WHO.",
    "‘The plan would be a disaster for patients,’ VERB WHO.",
    "“The plan would be a disaster for patients”, VERB WHO.",
    "The plan would be a disaster for patients, VERB WHO.",
    "‘The plan,’ VERB WHO, ‘would be a disaster for patients.’",
    "WHO VERB the plan would be a disaster for patients.",
    "WHO VERB that the plan would be ‘a disaster for patients’.",
    "WHO VERB: ‘The plan would be a disaster for patients.’",
    "The plan would be a disaster for patients, according to WHO.",
    "But WHO VERB the plan would be a disaster for patients.",
    "On Monday WHO VERB the plan would be a disaster for patients.",
    "In a statement, WHO VERB the plan would be a disaster for patients.",
    "Speaking after the meeting, WHO VERB the plan would be a disaster for patients.",
    "Responding, WHO VERB: “The plan would be a disaster for patients.”",
    "WHO told the Courier the plan would be a disaster for patients.",
    "WHO has VERB that the plan would be a disaster for patients.",
    "The plan would be a disaster for patients, VERB WHO in a letter to ministers.",
    "The plan would be a disaster for patients, VERB WHO, who runs a surgery.",
    "WHO said it was feared the plan would be a disaster for patients.",
    "The plan, a disaster for patients, drew criticism from WHO.",
    "The plan has been condemned by WHO as a disaster for patients.",
    "In the words of WHO, the plan is a disaster for patients.",
)
VERBS = ("said", "warned", "argued")
#: Who was named, what they are called next => how the id of the holder begins.
CALLED = {
    ("Dr Ann Poole, chair of Kent LMC,", "She"): "ann-poole",
    ("Dr Ann Poole, chair of Kent LMC,", "Dr Poole"): "ann-poole",
    ("Dr Ann Poole, chair of Kent LMC,", "The GP"): "ann-poole",
    ("Tom Hale, chief executive of Hollin Trust,", "The trust boss"): "tom-hale",
    ("Tom Hale, chief executive of Hollin Trust,", "The trust’s chief executive"): "tom-hale",
    ("Council leader Alan Frith", "The council leader"): "alan-frith",
    ("Health secretary Maria Vane", "The health secretary"): "maria-vane",
    ("Health secretary Maria Vane", "The minister"): "maria-vane",
    ("Lord Darnley, a former minister,", "The peer"): "darnley",
    ("Resident Carol Dunn, 62,", "The 62-year-old"): "carol-dunn",
    ("A spokesman for Hollin Trust", "The spokesman"): "hollin-trust",
    ("A spokesman for Hollin Trust", "He"): "hollin-trust",
    ("The charity Hollin Care", "The charity"): "hollin-care",
    ("Kent County Council", "The authority"): "kent-county-council",
}
GOES_ON = (
    "{first} said the plan was rushed.\n\n{then} said nobody had been asked about the closure.",
    "{first} said the plan was rushed. It would cost £4m.\n\n{then} said nobody had been asked about the closure.",
    "{first} said the plan was rushed.\n\n“Nobody had been asked about the closure,” {then} said.",
    "{first} said the plan was rushed.\n\nBut {then} said nobody had been asked about the closure.",
)


def _holders(text: str, words: str, *hints: Hint) -> set[str | None]:
    article = Article(Article.identify("press", text), "press", text, "press", hints=hints)
    return {statement.holder for statement in analyse(article, []).statements if words in statement.text}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_speech_gives_its_words_to_whoever_it_names(form: str) -> None:
    wrong = {}
    for (who, holder), verb in product(SPEAKERS.items(), VERBS if "VERB" in form else VERBS[:1]):
        text = form.replace("VERB", verb).replace("WHO", who)
        text = text[0].upper() + text[1:]
        found = _holders(text, "disaster for patients", Hint("paragraph", 0, len(text)))
        if not found or not all(each and each.startswith(holder) for each in found):
            wrong[text] = found
    assert not wrong


@pytest.mark.parametrize(("first", "then", "holder"), [(*named, holder) for named, holder in CALLED.items()])
def test_whoever_was_named_is_known_by_what_they_are_called_next(first: str, then: str, holder: str) -> None:
    wrong = {}
    for form in GOES_ON:
        opens = form.index("{then}") == 0 or form[form.index("{then}") - 1] == "\n"
        text = form.format(first=first, then=then if opens else then[0].lower() + then[1:])
        found = _holders(text, "been asked")
        if not found or not all(each and each.startswith(holder) for each in found):
            wrong[text] = found
    assert not wrong
