"""What view a stretch of text shows, by the lexicon ``stance.toml``: weights for and against, and their marks.

A baseline that reads no grammar: a negation up to four words before an expression turns it round,
what stands before "but" or behind "although" counts half.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import corpora
from nlp.records import Article, Span, StanceLabel, Strength
from nlp.sentences import split_sentences

#: Where the clause of a condition ends.
_CLAUSE_END = re.compile(r"[.;:!?](?=\s|$)|,\s+(?:but|and|he|she|they|it|which)\b|[”’\"](?=\s|$)")
_OPENER = re.compile(
    r"\b(?:only (?:if|when|with|where|once)|if|provid(?:ed|ing)|unless|subject to|once|when|(?:so|as) long as"
    r"|not (?:until|before)|on (?:the )?condition|in return for|depend(?:s|ing)?|without|with)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never)\b|n['’]t\b")
#: A negation this close before an expression (in characters, within the clause) turns it round.
NEGATION_REACH = 34
CONCEDED = 0.5
#: The weight of a word that shows a view by itself.
FIRM = 2.0
#: So far from a name (in characters) may stand what is to be done to it.
DEED_REACH = 60
# Words that open a condition and as often something else: alone they make no view conditional.
_WEAK_CONDITION = re.compile(r"(?:if (?!.*then)\w+|guarantees?|assurances?|could \w+|at this stage)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """One expression of a view: ``weight`` is positive for support, negative for opposition."""

    start: int
    end: int
    weight: float
    negated: bool
    #: What is to be done to a thing that a proposal would end: said of the proposal, and never turned round.
    of_end: bool = False


@dataclass(frozen=True, slots=True)
class Polarity:
    support: float
    oppose: float
    hits: tuple[Hit, ...]
    strong: bool
    hedged: bool
    conditional: tuple[int, int] | None
    mixed: bool
    #: The stretch says that its holder has no view.
    none: bool = False
    #: It says that what the proposal names is to be kept or done away with.
    deed: bool = False
    #: It says that the proposal is not ruled out.
    open: bool = False


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """One list of the lexicon as a single expression."""
    return re.compile("|".join(f"(?:{p})" for p in corpora.lexicon("stance")[section][name]), re.IGNORECASE)


def read_polarity(
    text: str,
    start: int,
    end: int,
    names: Sequence[tuple[int, int]] = (),
    *,
    undoing: bool = False,
    undone: Collection[str] = (),
) -> Polarity:
    """Sum up the expressions of a view in ``text[start:end]``; those inside ``names`` (of the topic) are none.

    ``undoing``: the proposal is itself to do away with something. A name that says so ("phone ban") stands for the
    proposal, another for the thing; ``undone`` are words that say so and name the thing ("the limit should be
    abolished").
    """
    if pattern("markers", "none").search(text, start, end):
        return Polarity(0.0, 0.0, (), False, False, None, False, none=True)
    found = [h for h in _hits(text, start, end, names) if not any(a <= h.start and h.end <= b for a, b in names)]
    proposals = [(a, b) for a, b in names if not undoing or _says_undoing(text[a:b], undone)]
    deeds = list(_deeds(text, start, end, proposals))
    hits = tuple(_with_deeds(text, start, end, found, deeds))
    of_end = list(_of_end(text, start, end, hits, [name for name in names if name not in proposals]))
    hits = (*hits, *of_end)
    left_open = [match.span() for match in pattern("markers", "open").finditer(text, start, end)]
    hits = tuple(h for h in hits if not any(a < h.end and h.start < b for a, b in left_open))
    threat = pattern("markers", "threat")  # "it will go to court unless the council thinks again" is no condition
    told = pattern("markers", "condition").finditer(text, start, end)
    conditions = [match.span() for match in told if not threat.match(text, match.start())]
    firm = [span for span in conditions if not _WEAK_CONDITION.match(text[span[0] : span[1]])]
    plain = pattern("plain", "condition").finditer(text, start, end)
    firm = firm or [match.span() for match in plain if not threat.search(text, match.start(), end)]
    return Polarity(
        support=sum(h.weight for h in hits if h.weight > 0),
        oppose=-sum(h.weight for h in hits if h.weight < 0),
        hits=hits,
        strong=bool(pattern("strength", "strong").search(text, start, end)),
        hedged=bool(pattern("strength", "hedged").search(text, start, end)),
        conditional=firm[0] if firm else None,
        mixed=bool(pattern("markers", "mixed").search(text, start, end)),
        deed=bool(deeds or of_end) and not left_open,
        open=bool(left_open) and not any(abs(h.weight) >= FIRM for h in hits),
    )


#: So far before a statement (in characters) may stand that its holder has no view: "has yet to say where it stands".
UNSAID_REACH = 60
_BREAK = re.compile(r"[.!?;:“”‘\"]\s|\n|\bbut\b")


def has_no_view(text: str, start: int, end: int) -> bool:
    """Whether a stretch, or what opens it in its clause, says that its holder has no view."""
    first = max(0, start - UNSAID_REACH)
    breaks = [match.end() for match in _BREAK.finditer(text, first, start)]
    found = pattern("markers", "none").search(text, breaks[-1] if breaks else first, end)
    return bool(found and found.end() > start - 4)


def _hits(text: str, start: int, end: int, names: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    for low, high in split_sentences(text, start, end):
        found: list[Hit] = []
        named = any(low <= a < high for a, _ in names)
        for name, sign in (("oppose", -1), ("support", 1), *([("topical", 1)] if named else [])):
            for weight in ("2", "1"):
                for match in pattern(name, weight).finditer(text, low, high):
                    over = [h for h in found if h.start < match.end() and match.start() < h.end]
                    # "critics of the cap were wrong" is more than "wrong"
                    if all(_is_within(h, match) for h in over):
                        found = [h for h in found if h not in over]
                        found.append(_weigh(text, low, high, match, sign * int(weight)))
        yield from _without_aim(text, low, high, sorted(found, key=lambda h: h.start))


def _is_within(hit: Hit, match: re.Match[str]) -> bool:
    return match.start() <= hit.start and hit.end <= match.end() and hit.end - hit.start < len(match[0])


def _without_aim(text: str, low: int, high: int, hits: Sequence[Hit]) -> Iterator[Hit]:
    """ "We welcome the aim but …": no welcome of the means, and what stands behind the turn is against them."""
    aim = pattern("markers", "aim").search(text, low, high)
    turn = pattern("markers", "turn").search(text, aim.end(), high) if aim else None
    if not aim or not turn:
        yield from hits
        return
    kept = [h for h in hits if h.end <= aim.start() or aim.end() <= h.start]
    yield from kept
    if not any(h.start >= turn.end() for h in kept):
        yield Hit(turn.start(), turn.end(), -FIRM, negated=False)


#: "Without the distraction that pooling brings": the distraction is said of what brings it, and is there.
_BROUGHT = re.compile(
    r"[^.;]{0,60}?\b(?:that|which)\s(?:[\w’'-]+\s){0,5}?[\w’'-]*(?:represent|bring|cause|entail|involve|mean|create|impose)(?:s|ed)?\b"
)


def _of_another(text: str, clause: str, at: int, high: int) -> bool:
    """Whether a word that "without the" stands before is what something brings, and is not denied of it."""
    return clause.rstrip().endswith("without the") and _BROUGHT.match(text, at, high) is not None


def _weigh(text: str, low: int, high: int, match: re.Match[str], weight: float) -> Hit:
    window = text[max(low, match.start() - NEGATION_REACH) : match.start()]
    clause = re.split(r"[,;:]|\bbut\b|\band\b", window)[-1]
    negated = bool(pattern("markers", "negation").search(clause)) and not _of_another(text, clause, match.end(), high)
    if negated:
        # "not opposed" is milder than support; "does not support" is plain opposition
        weight = -weight if weight > 0 else -weight * 0.5
    if weight < 0 and pattern("markers", "less").search(text, low, match.start()):
        weight = -weight  # "anything less than a cap would be a betrayal"
    turn = next((m for m in pattern("markers", "turn").finditer(text, match.end(), high)), None)
    conceded = pattern("markers", "concession").search(text, low, match.start())
    comma_after = conceded and "," in text[conceded.end() : match.start()]
    if turn or (conceded and not comma_after):
        weight *= CONCEDED
    return Hit(match.start(), match.end(), weight, negated)


def _deeds(text: str, start: int, end: int, names: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """At most one a sentence."""
    for low, high in split_sentences(text, start, end) if names else ():
        places = [(max(a, low), b) for a, b in names if low <= a < high]
        yield from [found for a, b in places if (found := _deed(text, low, high, a, b))][:1]


def _with_deeds(text: str, start: int, end: int, hits: Sequence[Hit], deeds: Sequence[Hit]) -> Iterator[Hit]:
    """The hits where what is named is to be kept, or done away with ("scrapping the cap would be a betrayal").

    What is said of its end is said of it the other way round; with nothing said, the wish for its end is opposition.
    """
    for low, high in split_sentences(text, start, end):
        deed = next((each for each in deeds if low <= each.start < high), None)
        others = [h for h in hits if low <= h.start < high and not (deed and _touch(text, h, deed))]
        if deed and not others:
            yield deed
        elif deed and deed.weight < 0:
            yield from (replace(h, weight=-h.weight) for h in others)
        else:
            yield from others


def _touch(text: str, hit: Hit, deed: Hit) -> bool:
    """Whether a word of view is part of a deed, or the negation right before it."""
    before = 0 <= deed.start - hit.end <= 1 and bool(_NOT.search(text, hit.start, hit.end))
    return before or (hit.start < deed.end and deed.start < hit.end)


def _of_end(text: str, start: int, end: int, hits: Sequence[Hit], things: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """What is to be done to things that the proposal would end, where nothing else shows a view: "it must go"."""
    for deed in _deeds(text, start, end, things):
        low, high = next((a, b) for a, b in split_sentences(text, start, end) if a <= deed.start < b)
        if not any(low <= h.start < high for h in hits):
            yield replace(deed, weight=-deed.weight, of_end=True)


def _deed(text: str, low: int, high: int, start: int, end: int) -> Hit | None:
    """What is to be done to the thing named at ``text[start:end]``: kept (2), ended (-2), or neither."""
    head, tail = text[max(low, start - DEED_REACH) : start], text[end : min(high, end + DEED_REACH)]
    for name, weight in (("end", -2.0), ("keep", 2.0)):
        before = pattern("deeds", f"{name}_before").search(head)
        behind = None if before else pattern("deeds", f"{name}_behind").match(tail)
        if not before and not behind and pattern("deeds", "wanted").search(head):
            behind = pattern("deeds", f"{name}_wanted").match(tail)
        if before or behind:
            first = start - len(head) + before.start() if before else start
            last = end if before else end + (behind.end() if behind else 0)
            clause = re.split(r"[,;:]|\bbut\b|\band\b", text[max(low, first - NEGATION_REACH) : first])[-1]
            inner = bool(behind and _NOT.search(behind.group()))
            undone = bool(pattern("deeds", "undone").search(text[max(low, first - DEED_REACH) : first]))
            inner = inner or bool(before and _NOT.match(before.group()))
            negated = (inner != bool(pattern("markers", "negation").search(clause))) != undone
            return Hit(first, last, -weight if negated else weight, negated)
    return None


#: Least margin of one side over the other, in weights of the lexicon.
CLEAR = 1.0
#: Both sides this heavy, and this even, make a mixed view.
BOTH, EVEN = 2.0, 0.6


def decide_view(polarity: Polarity, least: float) -> tuple[StanceLabel | None, float]:
    """The label that a polarity shows, None for none, and a factor of confidence from its margin.

    ``least`` is the margin, in weights of the lexicon, that one side needs over the other.
    """
    support, oppose = polarity.support, polarity.oppose
    total = support + oppose
    if polarity.open:
        return StanceLabel.NEUTRAL, 0.85
    if polarity.mixed:
        return StanceLabel.MIXED, 0.85
    if polarity.conditional:
        return StanceLabel.CONDITIONAL, 0.85
    if min(support, oppose) >= BOTH and min(support, oppose) >= EVEN * max(support, oppose):
        return StanceLabel.MIXED, 0.75
    if abs(support - oppose) < least:
        return None, 0.0
    margin = 0.75 + 0.25 * abs(support - oppose) / total
    return (StanceLabel.SUPPORT if support > oppose else StanceLabel.OPPOSE), margin


def strength_of(polarity: Polarity, before: str) -> Strength:
    """How firm the view is, by the words and by the adverb before the cue ("cautiously welcomed")."""
    if polarity.strong or pattern("strength", "strong").search(before):
        return Strength.STRONG
    hedged = polarity.hedged or pattern("strength", "hedged").search(before)
    return Strength.HEDGED if hedged else Strength.PLAIN


def condition_of(article: Article, polarity: Polarity, end: int) -> Span | None:
    """The condition, from the word that opens it to the end of its clause, at most to ``end``."""
    if polarity.conditional is None:
        return None
    start, opened = polarity.conditional
    opener = _OPENER.search(article.text, start, opened)
    start = opener.start() if opener else start
    match = _CLAUSE_END.search(article.text, opened, end)
    clause = article.text[start : match.start() if match else end].rstrip(" ,.;:!?’”\"'")
    return article.span(start, start + len(clause))


def former_view(text: str, start: int, end: int) -> tuple[StanceLabel | None, int]:
    """The view that a stretch says was held before ("originally I wasn't in favour"), and where today's begins."""
    match = pattern("markers", "former").search(text, start, end)
    if not match:
        return None, start
    turn = pattern("markers", "now").search(text, match.end(), end)
    told = read_polarity(text, match.start(), turn.start() if turn else end)
    return decide_view(told, CLEAR)[0], turn.start() if turn else start


def tells_former_view(text: str, start: int, end: int) -> bool:
    """Whether a stretch tells a view that was held before and says nothing of today's ("we voted against it then")."""
    if not pattern("markers", "former").search(text, start, end):
        return False
    return not any(pattern(*name).search(text, start, end) for name in (("markers", "now"), ("turned", "words")))


def view_of_cue(cue: str) -> str | None:
    """What a reporting verb says of its holder's view: "support", "oppose", "request", or None for a plain one."""
    verbs = corpora.lexicon("stance")["cues"]
    return next((view for view in ("request", "support", "oppose") if cue in verbs[view]), None)


def add_cue(polarity: Polarity, cue: str, negated: bool) -> Polarity:
    """Weigh the verb by which a view is reported ("welcomed", "wary of", "asked for")."""
    verbs = corpora.lexicon("stance")["cues"]
    support, oppose = polarity.support, polarity.oppose
    if cue in verbs["request"]:
        support += 2.0 * (oppose == 0)
    elif cue in verbs["support"] or cue in verbs["oppose"]:
        for_it = (cue in verbs["support"]) != negated
        support, oppose = support + 2.0 * for_it, oppose + 2.0 * (not for_it)
    return replace(polarity, support=support, oppose=oppose)


#: What may follow a stem of undoing: "bank" bans nothing, "capacity" caps nothing.
_ENDINGS = "e|es|ed|d|s|ing|(?:p|n|l|t|g)(?:ed|ing)|t?ions?|ons?|als?|ures?|ments?|n|out"


@cache
def _undoing() -> re.Pattern[str]:
    """Words for doing away with something."""
    stems = corpora.lexicon("stance")["markers"]["undoing"]
    return re.compile(rf"\b(?:{'|'.join(stems)})(?:{_ENDINGS})?\b", re.IGNORECASE)


@cache
def _keeping() -> re.Pattern[str]:
    """Words for keeping something as it is."""
    stems = corpora.lexicon("stance")["markers"]["keeping"]
    return re.compile(rf"\b(?:{'|'.join(stems)})\w*\b", re.IGNORECASE)


def undoes(claim: str) -> bool:
    """Whether the proposal is to do away with something: then words for the thing are words against the proposal."""
    return _undoes(claim) is not None and not ends_plan(claim)


#: "The limit should be cut to 20mph": there is a limit still.
_TO_AMOUNT = re.compile(r"\s+(?:from\s+\S+\s+)?to\s+\S*\d")


def _undoes(claim: str) -> re.Match[str] | None:
    head = " ".join(claim.split()[:14])
    found = re.search(rf"\b(?:should|must|to|be)\s+(?:be\s+)?(?:{_undoing().pattern})", head, re.IGNORECASE)
    return None if found and _TO_AMOUNT.match(head, found.end()) else found


_PLAN = r"(?:plans?|proposals?|bill|application|decision)"
_DROP = (
    r"(?:withdraw|drop(?:p(?=ed))?|scrap(?:p(?=ed))?|abandon|shelve?|cancel(?:l(?=ed))?|reject|halt|ditch|stop(?:p(?=ed))?"
    r"|pause?|rethink|reverse?|overturn)(?:ed|n|d)?"
)
_ENDS_PLAN = re.compile(
    rf"\b(?:should|must)\s+(?:now\s+)?{_DROP}\s+(?:[\w’'-]+\s+){{0,3}}?{_PLAN}\b"
    rf"|^(?:[\w’'-]+\s+){{0,4}}?{_PLAN}\b.*?\b(?:should|must)\s+be\s+{_DROP}\b",
    re.IGNORECASE,
)


def ends_plan(claim: str) -> bool:
    """Whether the proposal is that another be dropped: whatever is said of that one counts the other way round."""
    return bool(_ENDS_PLAN.search(claim))


def _says_undoing(name: str, undone: Collection[str]) -> bool:
    return any(match.group().lower() not in undone for match in _undoing().finditer(name))


def undone_words(claim: str) -> frozenset[str]:
    """The words of a claim that speak of undoing and are what is to be undone: "limit" in "the limit should end"."""
    does = _undoes(claim)
    found = [match for match in _undoing().finditer(claim) if does and not does.start() <= match.start() < does.end()]
    return frozenset(match.group().lower() for match in found)


def speaks_of_undoing(text: str, start: int, end: int, undone: Collection[str] = ()) -> bool:
    """Whether a stretch has a word for doing away with something, beside those of the thing itself (``undone``)."""
    return any(match.group().lower() not in undone for match in _undoing().finditer(text, start, end))


def speaks_of_keeping(text: str, start: int, end: int) -> bool:
    """Whether a stretch has a word for keeping something as it is."""
    return bool(_keeping().search(text, start, end))
