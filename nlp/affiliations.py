"""Which office a text gives a person beside the name: "NAME, ROLE of BODY", "BODY ROLE NAME", "BODY’s NAME"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import corpora
from nlp.called import parties
from nlp.introductions import LED_WORK, REACH, Body, Introduction, bodies_in, by_verb
from nlp.office_words import LEAD, ends_in_role, last_role, not_role, office_heads, tells_an_act

_CUE = re.compile(
    r"\s(?:has |have |had |also |later |then |today )*(?:said|says|told|tells|added|adds|warned"
    r"|warns|argued|argues|claimed|claims"
    r"|insisted|wrote|writes|urged|called|welcomed|admitted|believes|believed|described|explained"
    r"|is|was|has|had|will|would)\b|:"
)
_SEGMENT_END = re.compile(r"[;:.!?“”\"‘(–—]|(?<=\s)['’](?=\w)|\s-\s")
_LINK = re.compile(
    r"\b(?:of|at|for|from|with|to|on|in|leads|chairs|runs|heads|represents|led"
    r"|chaired)\s+(?:the\s+|its\s+)?(?:[\w-]+['’]s\s+)?"
    r"(?:(?:campaign |pressure |lobby |local )?(?:group|charity|trade union|union|campaign|think tank"
    r"|thinktank|firm|company|consultancy|body|trade body)\s+)?$",
    re.IGNORECASE,
)
_OWN = re.compile(r"^(?:the\s+)?(?:its|their|our|his|her|that)\b", re.IGNORECASE)
#: What stands between an office and its body where no word links them, and behind the body then.
_COMMA = re.compile(r",\s+(?:the\s+)?$")
#: Between a body and an office that is not its own: "Unison met the transport secretary, Ann Orde".
_ANOTHER = re.compile(
    r"(?<!\bof)(?<!\bfor)(?<!\bin)(?<!\bat)(?<!\bon)\s(?:the|an?|its|their|his|her)\s|\s(?:said|says|told|met|has|have|had|is|was|were|are|will|would)\s",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(?:[Aa]t|[Ii]n)\s(?:the\s)?$")
_ENDS = re.compile(r"\s*(?:[,;:.)\n]|$)")
_EVENT = re.compile(
    r"(?:['’]s?)?\s+(?:(?:annual|national|spring|autumn|summer|winter|regional|party|members['’]?|fringe|policy|\d{4}|Annual|National"
    r"|Spring|Autumn|Summer|Winter|Party)\s+){0,2}"
    r"(?:[Cc]onference|[Cc]ongress|AGM|[Mm]eeting|[Ss]ummit|[Dd]inner|[Ll]ecture|[Ee]vent|[Rr]ally|[Cc]onvention)\b"
)
_CHAMBER = re.compile(
    r"\sin\s(?:the\s)?(?:House\sof\s)?(?:Lords|Commons|Senedd|Holyrood|Westminster|Stormont|Assembly|Scottish\sParliament),?\s$"
)
_SITS = re.compile(r"who\s(?:also\s|now\s)?(?:sits|sat)\s(?:in|as)\b")
_JOINT = re.compile(r",?\s(?:and|with|but|while)\s$")
_ITS = re.compile(r"\b(?:[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur)\s*$")
_INITIALS = re.compile(r"[A-Z]{2,4}")
_AFTER_COMMA = re.compile(r",\s+")
_ACCORDING = re.compile(r"\baccording to\s+$", re.IGNORECASE)
_OWNER = re.compile(r"(?<![\w-])(?P<noun>(?:(?:county|city|borough|district|parish|town)\s)?[\w-]+)['’]s?\s+$")


_LEAD_IN = (
    r"(?:^|[.!?]\s|\n)(?:In|Writing|Speaking|Talking|Responding|Replying|Giving|Asked|After|Following|Ahead|At|Before"
    r"|With|Against|By|On|During|Despite|Unlike|Like|Having|When|While|Although|Though|As|Because|If|Since)\b"
)
# What opens a sentence and names another's office; "In her role as chair of the CCG, Dr A" names her own.
_OPENING = re.compile(rf"{_LEAD_IN}(?![^,;:.]*\b(?:role|capacity|position|job|post|term|time) )[^,;:.]*,\s$")
#: What parts an office from what stands before it; "education, training and workforce lead" is one.
_BREAK = re.compile(r"[.;:!?“”\"‘–]\s|\s-\s|,\s(?!$)(?![a-z-]+(?:,\s[a-z-]+)*\sand\s(?:[a-z-]+\s){2,4}$)")
_LED_IN = re.compile(rf"{_LEAD_IN}[^,;:.]*(?:,\s[^,;:.]*)?$")
#: "Ann Orde, writing for Pulse": what somebody does is no office, nor is "and his deputy" hers.
_DOING = re.compile(
    r"(?:has|have|had|is|was|were|will|would|could|said|says|told|[a-z]+ed\s(?:an?|the|his|her|its|their|to|that|it|them))\b|and\s(?:his|her|its|their)\b"
    r"|(?:now\s|also\s)?(?:whose|writing|speaking(?!\s(?:for|on\sbehalf))|talking|appearing|responding|replying|giving|posting|addressing|reacting)\b"
)
_LEADS_IT = re.compile(
    r"\s(?:deputy\s)?(?:council\s)?(?:leader|mayor|chair|chairman|chairwoman)\s(?:of|at)\s(?:the\s)?"
)
_FOR = re.compile(
    r"(?:\A|(?<=\n)|(?<=[.!?]\s))(?:And\s)?(?:For|On behalf of|Speaking for|Responding for)\s+(?:the\s+)?$"
)
_AT = re.compile(r"(?:\A|(?<=\n)|(?<=[.!?]\s))(?:But\s|And\s)?(?:At|Over at)\s+(?:the\s+)?")


def introduce(
    text: str, start: int, end: int, bodies: Sequence[Body], low: int, high: int, last_body: str | None
) -> Introduction:
    """Read what stands around the name at ``start``-``end`` within ``low``-``high``.

    ``bodies`` are those of the block, in order; ``last_body`` is what "its chair" points to.
    """
    after = _after(text, start, end, bodies, high, last_body)
    before = None if _is_behind_opening(text, low, start, end) else _before(text, start, bodies, low, last_body)
    before = _office_ahead(text, before, bodies, low, last_body) or before
    left, right = (before.start if before else start), (after.end if after else end)
    found = [i for i in (after, before) if i]
    speaks_for = _speaks_for(text, left, bodies, low)
    if speaks_for and not any(i.organisation and i.organisation not in parties() for i in found):
        return Introduction(speaks_for.start, right, speaks_for.id, next((i.role for i in found if i.role), None))
    if not found:
        return by_verb(text, start, end, bodies, high, last_body) or Introduction(start, end, None, None)
    if after and before and before.role and _is_member(after):
        # "Committee chairman Cllr Ann Orde (Con)": the office is not the party's, that of its leader is
        of_party = any(word in before.role.lower() for word in ("leader", "spokes", "whip"))
        of_party = of_party and not any(office in before.role.lower() for office in corpora.lexicon("roles")["cabinet"])
        found = [before, after] if of_party else [before]
    organisation = next((i.organisation for i in found if i.organisation), None)
    role = next((i.role for i in found if i.role), None)
    if role and (organisation is None or not any(i.start <= b.start < i.end for i in found for b in bodies)):
        organisation = _place_of(text, left, bodies, low) or organisation
    return Introduction(left, right, organisation, role)


def _is_member(found: Introduction) -> bool:
    """Whether it is the party in the bracket behind a name."""
    return found.role == "member" and found.organisation in parties()


def _is_behind_opening(text: str, low: int, start: int, end: int) -> bool:
    """Whether a comma closes what opens the sentence: in "In a letter to the minister, Dr A says" Dr A is none."""
    return _OPENING.search(text, max(low, start - REACH), start) is not None and not text.startswith(",", end)


def _office_ahead(
    text: str, before: Introduction | None, bodies: Sequence[Body], low: int, last_body: str | None
) -> Introduction | None:
    """ "Its chair, Tory peer Lord Orde": the office, before what else is said of who has it."""
    if before is None or not (before.organisation is None or before.organisation in parties()):
        return None
    if not text[low : before.start].endswith(", "):
        return None
    office = _before(text, before.start, bodies, low, last_body)
    return replace(office, end=before.end) if office and office.organisation and office.role else None


def _speaks_for(text: str, start: int, bodies: Sequence[Body], low: int) -> Body | None:
    """ "For the Scottish Conservatives, Ann Orde said": the body whose view the sentence is said to give."""
    body = next((b for b in reversed(bodies) if b.end <= start), None)
    if body is None or text[body.end : start].strip(" ") != "," or not _FOR.search(text, low, body.start):
        return None
    return body


def _place_of(text: str, start: int, bodies: Sequence[Body], low: int) -> str | None:
    """ "At Hollin Bank Academy, where it was tried, head teacher Ann Orde said": the body that opens the sentence."""
    opening = max((m.end() for m in _AT.finditer(text, low, start)), default=-1)
    body = next((b for b in bodies if b.start == opening), None)
    closed = body is not None and text.startswith(",", body.end) and not re.search(r"[.;:!?]\s", text[body.end : start])
    return body.id if body and closed and text[low:start].endswith(", ") else None


def _after(
    text: str, start: int, end: int, bodies: Sequence[Body], high: int, last_body: str | None
) -> Introduction | None:
    rest = text[end : min(high, end + REACH)]
    bracket = re.match(r"\s+\((?P<inside>[^()]{2,80})\)", rest)
    if bracket:
        inside = end + bracket.start("inside"), end + bracket.end("inside")
        party = next((b.id for b in bodies_in(bodies, *inside) if b.start == inside[0] and b.id in parties()), None)
        if party:  # "Cllr Ann Orde (Lab, Felby North)" belongs to it, and speaks for herself
            member = Introduction(end, end + bracket.end(), party, "member")
            office = _behind_comma(text, member.end, bodies, high, last_body)
            return office if office and office.role else member
        if _INITIALS.fullmatch(bracket["inside"]):  # "Gail Ormerod (GO), Director of Adults"
            return _behind_comma(text, end + bracket.end(), bodies, high, last_body)
        return _phrase(text, *inside, bodies, last_body, extent=(end, end + bracket.end()))
    plain = re.match(r"\s+(?:of|from|at)\s+(?:the\s+)?", rest)
    if plain:
        body = next((b for b in bodies_in(bodies, end, end + REACH) if b.start == end + plain.end()), None)
        event = body and _EVENT.match(text, body.end)  # "Ann Orde at the Police Federation conference" is a guest
        return Introduction(end, body.end, body.id, None) if body and not event else None
    if LED_WORK.match(text, end, min(high, end + REACH)):
        return None
    found = _behind_comma(text, end, bodies, high, last_body)
    if found and text[found.end : found.end + 1].isspace() and _ACCORDING.search(text, max(0, start - 14), start):
        return None  # "According to Dr A, NHS England had promised": the body does so, and is not hers
    if found and not text.startswith((",", ")"), found.end) and _LED_IN.search(text, max(0, start - REACH), start):
        return None  # "After meeting Dr A, Unison said": the comma closes what opens the sentence
    return found


def _behind_comma(text: str, end: int, bodies: Sequence[Body], high: int, last_body: str | None) -> Introduction | None:
    """The phrase between the commas behind a name."""
    comma = _AFTER_COMMA.match(text, end, min(high, end + REACH))
    if comma is None:
        return None
    begin = comma.end()
    stop = _appositive_end(text, begin, bodies, min(high, end + REACH))
    if stop == high and text[high : high + 1] not in ("", "\n"):  # another person is named before it ends
        joint = _JOINT.search(text, begin, stop)
        if joint is None:
            return None
        stop = joint.start()
    return _phrase(text, begin, stop, bodies, last_body)


def _appositive_end(text: str, begin: int, bodies: Sequence[Body], limit: int) -> int:
    """Where the phrase after a comma ends: at its own comma, a verb or other mark, past a body it needs."""
    stop = limit
    inside = [b for b in bodies if begin <= b.start < limit]
    for pattern in (_SEGMENT_END, _CUE):
        for match in pattern.finditer(text, begin, limit):
            if not any(b.start <= match.start() < b.end for b in inside):
                # "who is chair of" holds a verb of its own
                if pattern is _CUE and re.match(r"who\s*$", text[begin : match.start()].strip() or " "):
                    continue
                stop = min(stop, match.start())
                break
    comma = next(
        (m.start() for m in re.finditer(",", text[begin:stop]) if not _covered(inside, begin + m.start())), None
    )
    if comma is None:
        return stop
    first = begin + comma
    if bodies_in(bodies, begin, first) or not office_heads().search(text, begin, first):
        return first
    beside = next((b for b in inside if _COMMA.fullmatch(text, first, b.start) and b.end <= stop), None)
    if beside and _ENDS.match(text, beside.end):
        return beside.end  # "Ann Orde, Chief Executive, Homes for Carers"
    second = next((m.start() for m in re.finditer(",", text[first + 1 : stop])), None)
    further = first + 1 + second if second is not None else stop
    return further if any(_LINK.search(text[first : b.start]) for b in bodies_in(bodies, first, further)) else first


def _covered(bodies: Sequence[Body], at: int) -> bool:
    return any(body.start <= at < body.end for body in bodies)


def _phrase(
    text: str,
    begin: int,
    stop: int,
    bodies: Sequence[Body],
    last_body: str | None,
    extent: tuple[int, int] | None = None,
) -> Introduction | None:
    """A phrase that names a role, a body, or both; None when it names neither."""
    words = text[begin:stop].strip(" ,")
    if _DOING.match(words):
        return None
    inside = bodies_in(bodies, begin, stop)
    head = office_heads().search(words)
    linked = [b for b in inside if _opens(text, begin, b) or _LINK.search(text[begin : b.start])]
    if head and not linked and inside and _COMMA.search(text[begin : inside[0].start]):
        linked = inside[:1]
    if not head and not (linked and len(words.split()) <= 14):
        return None
    if _SITS.match(words):
        return None  # in a chamber, which is nobody's to speak for
    if len(words.split()) > 26:
        return None
    if len(linked) > 1 and linked[0].id in parties() and _LEADS_IT.fullmatch(text, linked[0].end, linked[1].start):
        linked = linked[1:]  # "the Labour leader of Kent County Council"
    organisation = linked[0].id if linked else None
    if organisation is None and _OWN.search(words):
        organisation = last_body
    role = _role_text(text, begin, stop, linked[0] if linked else None) if head or linked else None
    left, right = extent or (begin, stop)
    return Introduction(left, right, organisation, role)


def _opens(text: str, begin: int, body: Body) -> bool:
    """Whether the phrase begins with the body, but for an article."""
    return text[begin : body.start].strip().lower() in {"", "the", "a", "an"}


def _role_text(text: str, begin: int, stop: int, body: Body | None) -> str | None:
    """The words of the office without the body: "GPC deputy chair" and "deputy chair of the GPC" alike."""
    if body is None:
        words = text[begin:stop]
    else:
        before, after = text[begin : body.start], re.sub(r"^['’]s?\b", "", text[body.end : stop])
        words = before if office_heads().search(before) else after
        words = _LINK.sub("", words)
    words = " ".join(words.split()).strip(" ,'’")
    leads = (
        re.search(r"\bwho (?:also |now )?(?P<verb>chairs|leads|heads|runs)\s*$", text[begin : body.start])
        if body
        else None
    )
    if leads:
        return {"chairs": "chair", "leads": "leader"}.get(leads["verb"], "head")
    while (shorter := LEAD.sub("", words)) != words:
        words = shorter
    words = re.sub(r"^(?:its|their|our)\s+", "", words)
    empty = re.fullmatch(r"(?:the|a|an|and|of|at|for|from|with|in|on|represents)?", words)
    return None if empty else words


def _before(text: str, start: int, bodies: Sequence[Body], low: int, last_body: str | None) -> Introduction | None:
    floor = max(low, start - REACH)
    left = text[floor:start]
    cut = max((m.end() for m in _BREAK.finditer(left)), default=0)
    begin = floor + cut
    if chamber := _CHAMBER.search(text, begin, start):  # "Labour’s health spokesperson in the Lords" is Labour’s
        office = _before(text, chamber.start() + 1, bodies, low, last_body)
        return replace(office, end=start) if office else None
    near = [b for b in bodies if begin <= b.start and b.end <= start]
    if near:
        body = near[-1]
        between = re.sub(r"^['’]s?(?=\s)", "", text[body.end : start])
        words = between.split()
        if not between.strip(" ,"):
            role = _role_of(text, begin, body)
            if role:
                return Introduction(role[0], start, body.id, role[1])
            if body.id in parties():  # "Conservative Ann Orde"
                return Introduction(body.start, start, body.id, "member")
            owned = text[body.end : body.end + 2] in ("’s", "'s")
            return Introduction(body.start, start, body.id, None) if owned else None
        if (
            len(words) <= 10
            and ends_in_role(between)
            and not (_ANOTHER.search(between) and not _WHERE.search(text, begin, body.start))
            and not tells_an_act().search(between)
        ):
            role_text = between.strip(" ,")
            return Introduction(body.start, start, body.id, role_text)
        if _LINK.search(text[begin : body.start]):
            role = _role_of(text, begin, body)
            if role and re.fullmatch(r"\s*,?\s*", between):
                return Introduction(role[0], start, body.id, role[1])
    match = last_role(text[begin:start])
    if match is None:
        return None
    at, placed = match
    own = _OWN.search(text[begin + at : start]) or _ITS.search(text, begin, begin + at)
    owner = _OWNER.search(text, begin, begin + at)
    if owner:
        return Introduction(owner.start(), start, None, f"{owner['noun']}’s {placed}")
    return Introduction(begin + at, start, last_body if own else None, placed)


def _role_of(text: str, begin: int, body: Body) -> tuple[int, str] | None:
    """Offsets and words of the role in "chief executive of NHS Providers"."""
    before = text[begin : body.start]
    link = _LINK.search(before)
    if not link:
        return None
    heads = list(office_heads().finditer(before[: link.start()]))
    if not heads or len(before[heads[-1].end() : link.start()].split()) > 6:
        return None
    phrase = re.search(r"(?:[\w-]+\s+){0,3}$", before[: heads[-1].start()])
    at = phrase.start() if phrase else heads[-1].start()
    told = not_role().match(before, at, heads[-1].start())  # "said the chief executive of Age UK"
    at = told.end() if told else at
    words = before[at : link.start()].strip()
    while (shorter := LEAD.sub("", words)) != words:
        words = shorter
    return begin + at, words
