"""Which paper or body publishes a text: mastheads, imprints, leaders' labels, and whom a release is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

import corpora
from nlp.bylines import tidy
from nlp.identities import slug
from nlp.records import Article, Mention, Stakeholder, StakeholderKind
from nlp.register import register
from nlp.voice import Line

#: Committees and boards inside a body, in whose name it does not publish.
_INNER = re.compile(
    r"(?<!Medical )(?<!Pharmaceutical )(?<!Dental )(?<!Optical )(?:Committee|(?<!Care )(?<!Health )Board|Governing Body"
    r"|Directors|Session|Meeting|Team|Office)\b(?! (?:for|of) )",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^(?:(?:news|(?:media|press|news) (?:release|statement)|statement|newsletter|issued)\s+)?(?:from|by)\b:? "
)
#: A paper that gives its view, or what it is to itself; "told this newspaper" is any report.
_PAPER_SELF = re.compile(
    r"\b[Tt]his (?:newspaper|paper|magazine|journal) (?:has (?:long |always |never )?(?:argued|supported|opposed"
    r"|called|said|campaigned|taken)|is (?:not )?(?:persuaded|convinced|in favour|against|for|of)|believes|thinks|sees"
    r"|would|does not|supports|opposes|welcomes|hopes|holds|takes|likes|finds|will|shall|cannot|can)\b"
)
_PUBLISHED_BY = re.compile(r"^(?P<name>[A-Z][\w&’' -]{1,40}?) is published by\b")
_OWN = re.compile(
    r"(?:['’]s)?\s+(?:analysis|finding|findings|survey|investigation|understands|has learned|revealed"
    r"|readers|research)\b"
)
_REPORT = re.compile(
    r"\b(?:report|study|survey|research|review|figures|analysis)\b[^.]{0,60}\b(?:from|by)\s+(?:the\s+)?$"
)
_DESCRIBES = re.compile(r"\s+(?:\([\w ]+\) )?(?:is|was|has|speaks|plans|supports|represents|looks)\b")
_MINUTES = re.compile(
    r"^(?:(?:unconfirmed |draft |approved )?minutes\b|present:?$|apologies\b|attendance:)", re.IGNORECASE
)
#: The weight of a body that issues a text: named twice, or once where it opens it.
_LEAST = 2
#: A body that says "the Trust" this often has no other name for itself.
_OFTEN = 4
_LONG = {"CCG": "Clinical Commissioning Group", "ICB": "Integrated Care Board", "PCT": "Primary Care Trust"}
_NOUN = re.compile(r"\bthe ([\w’'-]+)", re.IGNORECASE)
_GENERIC = re.compile(r"\b[Tt]he (Trust|CCG|ICB|PCT|Council|Board|College|Partnership)\b")


@cache
def genre_lines(table: str, key: str) -> re.Pattern[str]:
    """The regular expressions of a list in the lexicon ``genres``, as one."""
    return re.compile("|".join(corpora.lexicon("genres")[table][key]), re.IGNORECASE)


def find_body(name: str, known: Sequence[Stakeholder] = ()) -> Stakeholder | None:
    """The body that the whole of ``name`` means: known in the article, in the register, or by how its name ends."""
    name = re.sub(r"^the ", "", " ".join(name.split()), flags=re.IGNORECASE).strip(" .,:;–—-")
    bodies = [s for s in known if s.kind is StakeholderKind.ORGANISATION]
    for body in bodies:
        if slug(name) in {body.id, *(slug(re.sub(r"^[Tt]he ", "", n)) for n in (body.name, *body.aliases))}:
            return body
    found = register().resolve(name)
    if found or not name or _INNER.search(name):
        return next((body for body in bodies if found and body.id == found.id), found)
    heads = {word for head in corpora.lexicon("names")["organisation_heads"] for word in head.split()}
    words = name.split()
    capital = all(word[0].isupper() or word in ("of", "for", "and", "the", "on", "in", "&") for word in words)
    ends = words[-1] in heads or any(w in heads and after == "of" for w, after in pairwise(words))
    return Stakeholder(slug(name), name, StakeholderKind.ORGANISATION) if capital and ends and len(words) > 1 else None


def in_title_case(line: str) -> str:
    """A masthead in capitals as a name ("BEDS AND HERTS LMC" -> "Beds and Herts LMC")."""
    if sum(c.isupper() for c in line) <= sum(c.islower() for c in line):
        return line
    small = {"AND": "and", "OF": "of", "THE": "the", "FOR": "for", "ON": "on", "IN": "in"}
    # words in capitals that stay so
    whole = {word.upper(): word for word in corpora.lexicon("genres")["newsletter"]["acronyms"]}
    return " ".join(
        whole.get(w.upper()) or small.get(w) or (w.capitalize() if len(w) < 3 else tidy(w)) for w in line.split()
    )


def _parts(line: str) -> Iterator[str]:
    """The stretches of a masthead that may name the body."""
    line = re.sub(r"^\W+", "", in_title_case(line))
    line = re.sub(_FROM.pattern, "", line, flags=re.IGNORECASE)
    line = re.sub(r" to (?:all )?(?:GPs?|practices|members|constituents|colleagues|our)\b.*$", "", line)
    words = "|".join(map(re.escape, corpora.lexicon("genres")["newsletter"]["words"]))
    for part in [line, *re.split(r"\s*[|•·:;–—]\s*|,\s+| - ", line)]:
        yield re.sub(rf"(?i)\s+(?:{words})(?: \d.*)?$", "", part)


def masthead(lines: Sequence[Line], known: Sequence[Stakeholder] = ()) -> Stakeholder | None:
    """The body that a line at the head names and nothing else ("KENT LMC NEWSLETTER", "News from Kent Council")."""
    for line in lines:
        if line.words <= 16:
            for part in _parts(line.text):
                fits = 1 <= len(part.split()) <= 10 and part[:1].isupper() and not _INNER.search(part)
                body = find_body(part, known) if fits else None
                if body and body.kind is StakeholderKind.ORGANISATION:
                    return body if part in (body.name, *body.aliases) else replace(body, aliases=(*body.aliases, part))
    return None


def publication(
    article: Article, lines: Sequence[Line], mentions: Sequence[Mention], known: Mapping[str, Stakeholder]
) -> Stakeholder | None:
    """Whose leader it is: what the page says of itself, its label, its masthead, its address, "this newspaper"."""
    if article.publisher:
        return _paper(article.publisher, known)
    for line in lines:
        label = (_labelled(line.text) if line.words <= 8 else None) or _titled(line.text)
        if label:
            return _paper(label, known)
    for line in lines[:6]:
        if line.words <= 8 and _is_paper(name := line.text.split(",")[0]):
            return _paper(in_title_case(name), known)
    imprint = next((m for m in (_PUBLISHED_BY.match(line.text) for line in lines[-6:]) if m), None)
    if imprint:
        return _paper(imprint["name"], known)
    bodies = [m for m in mentions if m.stakeholder and known[m.stakeholder].kind is StakeholderKind.ORGANISATION]
    own = next((m.stakeholder for m in bodies if _OWN.match(article.text, m.span.end)), None)
    if own:
        return known[own]
    return _by_address(article) or (
        Stakeholder("this-newspaper", "This newspaper", StakeholderKind.ORGANISATION)
        if _PAPER_SELF.search(article.text)
        else None
    )


def speaks_as_paper(text: str) -> bool:
    """Whether a text speaks of itself as "this newspaper"."""
    return bool(_PAPER_SELF.search(text))


def labels_leader(line: str) -> bool:
    """Whether a line is a publication's label over its leader ("CHRONICLE VIEW", "The Herald says")."""
    return bool(_labelled(line) or _titled(line))


def _titled(line: str) -> str | None:
    """The newspaper that a leader's title names ("The Courier says: Keep the line open")."""
    match = genre_lines("leader", "titled").match(line.strip())
    return in_title_case(match["name"].strip()) if match and _is_paper(match["name"].strip()) else None


def _labelled(line: str) -> str | None:
    match = genre_lines("leader", "named").match(line.strip())
    name = match["name"].strip() if match else ""
    if not name or name.lower() in corpora.lexicon("genres")["leader"]["unnamed"] or len(name.split()) > 5:
        return None
    words = in_title_case(name).split()
    return in_title_case(name) if all(w[0].isupper() or w in ("and", "of", "the", "&") for w in words) else None


def _is_paper(line: str) -> bool:
    words = in_title_case(line).split()
    papers = corpora.lexicon("genres")["leader"]["papers"]
    small = ("and", "of", "the", "&", "for")
    label = genre_lines("head", "leader").match(line) or genre_lines("head", "comment").match(line)
    return not label and words[-1] in papers and all(w[:1].isupper() or w in small for w in words)


def _paper(name: str, known: Mapping[str, Stakeholder]) -> Stakeholder:
    name = " ".join(name.split())
    wanted = re.sub(r"^the ", "", name, flags=re.IGNORECASE)
    for stakeholder in known.values():
        names = {re.sub(r"^the ", "", n, flags=re.IGNORECASE).lower() for n in (stakeholder.name, *stakeholder.aliases)}
        if wanted.lower() in names:
            return stakeholder
    return register().resolve(name) or Stakeholder(slug(wanted), wanted, StakeholderKind.ORGANISATION)


def _by_address(article: Article) -> Stakeholder | None:
    """The publication that its web address names ("pulsetoday.co.uk")."""
    host = urlsplit(article.url or "").hostname or ""
    label = re.sub(r"^www\.|\.(?:co|org|com|gov|nhs|net)\b.*$|\.uk$", "", host)
    papers = {slug(n).replace("-", ""): body for body in register() for n in (body.name, *body.aliases)}
    return papers.get(label.replace("-", "")) if label else None


def issuer(
    article: Article,
    lines: Sequence[Line],
    head: Sequence[Line],
    mentions: Sequence[Mention],
    known: Mapping[str, Stakeholder],
) -> Stakeholder | None:
    """Whose release or paper it is: the publisher, the masthead, else the body that the text is most about."""
    bodies = tuple(known.values())
    if article.publisher:
        outer = [part for part in _parts(article.publisher) if part and not _INNER.search(part)]
        named = next((body for body in (find_body(part, bodies) for part in outer) if body), None)
        if named or not _INNER.search(article.publisher):
            return named or Stakeholder(slug(article.publisher), article.publisher, StakeholderKind.ORGANISATION)
    minutes = any(_MINUTES.match(line.text) for line in lines)
    return masthead(head, bodies) or (None if minutes else _foremost(article, lines, mentions, known))


def _foremost(
    article: Article, lines: Sequence[Line], mentions: Sequence[Mention], known: Mapping[str, Stakeholder]
) -> Stakeholder | None:
    """The body that calls itself "the Trust", else the one with the most weight."""
    weight = _weights(article, lines, mentions, known)
    generic = Counter(_GENERIC.findall(article.text)).most_common(1)
    if generic and generic[0][1] >= _OFTEN:
        noun = generic[0][0]
        says = re.compile(rf"\b(?:{noun}|{_LONG.get(noun, noun)})\b", re.IGNORECASE)
        weight = Counter({id_: n for id_, n in weight.items() if says.search(known[id_].name)})
        if not weight:
            return Stakeholder(slug(noun), f"The {noun}", StakeholderKind.ORGANISATION)
    if not weight:
        return None
    first = max(weight, key=lambda id_: weight[id_])
    # who is named once in the middle of a paper has not written it
    return known[first] if weight[first] >= _LEAST or weight.total() == weight[first] else None


def _weights(
    article: Article, lines: Sequence[Line], mentions: Sequence[Mention], known: Mapping[str, Stakeholder]
) -> Counter[str]:
    """How much of the text is about each body: first subject, author of the report, told of in the notes, named."""
    weight: Counter[str] = Counter()
    text, prose = article.text, [article.blocks[line.index] for line in lines if line.is_prose]
    starts = [block.start for block in prose[:2]]
    for mention in mentions:
        body = known[mention.stakeholder] if mention.stakeholder else None
        if not body or body.kind is not StakeholderKind.ORGANISATION or _INNER.search(body.name):
            continue
        at, end = mention.span.start, mention.span.end
        opens = at in starts or (at - 4 in starts and text[at - 4 : at] == "The ")
        weight[body.id] += 1 + 3 * opens + 6 * (opens and at < prose[0].end)
        weight[body.id] += 4 * bool(_REPORT.search(text, max(0, at - 90), at))
        opening = text[max(0, at - 5) : at].strip() in ("", "The", ".", "us:", "1.", "2.")
        weight[body.id] += 3 * (opening and bool(_DESCRIBES.match(text, end)))
    nouns = Counter(match[1].lower() for match in _NOUN.finditer(text))
    for id_ in weight:
        weight[id_] += min(6, nouns[known[id_].name.split()[-1].lower()])
    return weight
