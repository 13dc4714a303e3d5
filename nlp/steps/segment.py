"""What is each stretch of the page? This step alone decides block kinds.

A first reading by rules says headline, standfirst, caption and crosshead. Whether a line is the article at all, a
reader's comment or furniture is the block model's answer: it reads the rules' guess beside the line, its place on the
page and its neighbours. Below a plain "Readers' comments (7)" nothing is the article, whatever the model says: no
named stakeholder may be given a commenter's words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise

from nlp.block_features import FEATURES, features, is_serial, plain_sentences
from nlp.block_model import BlockModel, shipped_model
from nlp.marks import MARKS
from nlp.page_lines import Line, read_lines
from nlp.page_rules import body_kind, comments_start, could_title, place
from nlp.records import EVIDENCE_KINDS, Article, Block, BlockKind

#: A line that the rules take for the headline stays it up to this probability of furniture.
SURE = 0.9
#: A line is furniture only if that is so many times as likely as the article, and a plain sentence or longer standfirst
#: by rule only if it is far likelier. By layouts and gold articles left out, 1 for both loses 29 and 154 lines of the
#: article, 2.5 and 20 lose 18 and 94; F1 of what is left out goes from 0.976 to 0.972, and on gold from 0.890 to 0.916.
#: 25 rather than 20 keeps the heading of one paper in gold dev, where alone a body is named.
LIKELIER, FAR_LIKELIER = 2.5, 25.0
STANDFIRST_WORDS, LABEL_WORDS = 8, 12
REPEAT_WORDS = (5, 45)
REPEAT_SHARE = 0.8


def segment(article: Article) -> Article:
    """The article with its blocks, in order and apart, and its title when the text shows one."""
    lines = list(read_lines(article.text))
    kinds = _hinted(article, lines, decide(lines, shipped_model(FEATURES)))
    kinds = _mark_repeats(lines, kinds)
    blocks = tuple(Block(kind, line.start, line.end) for line, kind in zip(lines, kinds, strict=True))
    headline = next((b for b in blocks if b.kind is BlockKind.HEADLINE), None)
    first_prose = next((b.start for b in blocks if b.kind is BlockKind.PARAGRAPH), len(article.text))
    found = article.text[headline.start : headline.end] if headline and headline.start < first_prose else None
    return replace(article, blocks=blocks, title=article.title or found)


def decide(lines: Sequence[Line], model: BlockModel) -> list[BlockKind]:
    """The likeliest kind of each line; the rules say what sort of evidence it is."""
    opened = comments_start(lines)
    guess = place(lines, opened)
    read = features(lines, guess, opened)
    likely, plain = model.read(read).tolist(), plain_sentences(read)
    serial = is_serial(read)
    headline = next((i for i, kind in enumerate(guess) if kind is BlockKind.HEADLINE), -1)
    kinds: list[BlockKind] = []
    begun = False
    for i, (line, (evidence, comment, furniture)) in enumerate(zip(lines, likely, strict=True)):
        if _ATTENDANCE.match(line.text):
            kinds.append(BlockKind.PARAGRAPH)
            continue
        if not begun and BlockKind.HEADLINE not in kinds and _TITLE.match(line.text):
            kinds.append(BlockKind.HEADLINE)
            continue
        paragraph = guess[i] is BlockKind.PARAGRAPH
        body = (paragraph and plain[i]) or line.is_caption
        body = body or (guess[i] is BlockKind.STANDFIRST and len(line.words) >= STANDFIRST_WORDS)
        kept = evidence > max(comment, furniture / (FAR_LIKELIER if body else LIKELIER))
        # letters to the editor read like comments, and on a live page times of day stand between
        kept = kept or (i == headline and furniture < SURE) or (serial and paragraph and line.stopped)
        # nobody comments on nothing
        kept = kept or (comment > furniture and not begun)
        if kept and i < opened and not _is_label(line):
            known = BlockKind.HEADLINE in kinds or headline > i
            kinds.append(guess[i] if guess[i] in EVIDENCE_KINDS else _evidence_kind(line, headed=known))
            begun = True
        else:
            # below a comments line a sentence is a comment unless it is far from one
            times = (FAR_LIKELIER if plain[i] else LIKELIER) if line.stopped and i > opened else 1
            said = comment * times > furniture and i != opened and not _is_notice(line)
            kinds.append(BlockKind.READER_COMMENT if said else BlockKind.BOILERPLATE)
    return kinds


def _is_label(line: Line) -> bool:
    """Bylines, dates and notices are part of no article."""
    return line.is_byline or _is_notice(line)


def _is_notice(line: Line) -> bool:
    """A rule of dashes, or short furniture such as "Have your say": nobody's words anywhere."""
    return not line.words or (line.is_furniture and len(line.words) <= LABEL_WORDS and not line.stopped)


def _evidence_kind(line: Line, *, headed: bool) -> BlockKind:
    """What a line of the article is that the rules took for something else; ``headed`` when the page has a headline."""
    if line.is_caption:
        return BlockKind.CAPTION
    return BlockKind.HEADLINE if not headed and could_title(line) else body_kind(line)


def _hinted(article: Article, lines: Sequence[Line], kinds: list[BlockKind]) -> list[BlockKind]:
    """What a reader knows of the layout wins over what the lines look like."""
    roles = {
        "title": BlockKind.HEADLINE,
        "heading": BlockKind.HEADLINE,
        "caption": BlockKind.CAPTION,
        "comment": BlockKind.READER_COMMENT,
        "boilerplate": BlockKind.BOILERPLATE,
        "paragraph": BlockKind.PARAGRAPH,
    }
    hints = sorted((h for h in article.hints if h.role in roles), key=lambda h: h.start)
    result, at = list(kinds), 0
    for i, line in enumerate(lines):
        while at < len(hints) and hints[at].end <= line.start:
            at += 1
        if at < len(hints) and hints[at].start < line.end:
            body = hints[at].role == "paragraph" and not line.is_furniture
            if body or kinds[i] is not BlockKind.BOILERPLATE:
                result[i] = roles[hints[at].role]
    return result


def _mark_repeats(lines: Sequence[Line], kinds: list[BlockKind]) -> list[BlockKind]:
    """Short blocks whose words stand together in a longer paragraph are pull quotes."""
    result = list(kinds)
    bags = [line.lower for line in lines]
    pairs = [list(pairwise(bag)) for bag in bags]
    owners: dict[tuple[str, str], set[int]] = {}
    for i, kind in enumerate(kinds):
        if kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION):
            for pair in pairs[i]:
                owners.setdefault(pair, set()).add(i)
    first_headline = next((i for i, kind in enumerate(kinds) if kind is BlockKind.HEADLINE), -1)
    low, high = REPEAT_WORDS
    for i, bag in enumerate(bags):
        movable = kinds[i] in (BlockKind.PARAGRAPH, BlockKind.HEADLINE, BlockKind.CAPTION) and i != first_headline
        # a quotation set above the body is no standfirst, which tells what the body says in words of its own
        movable = movable or (kinds[i] is BlockKind.STANDFIRST and _QUOTED.match(lines[i].text) is not None)
        if movable and low <= len(bag) <= high and _repeats(i, bags, [owners.get(pair, _NOBODY) for pair in pairs[i]]):
            result[i] = BlockKind.PULL_QUOTE
    return result


#: A headline that says of which genre it is: "Interview: Ann Orde of Cairn Housing", and no label alone.
_TITLE = re.compile(
    r"\W*(?:Interview|Speech|Opinion|Comment|Blog|Exclusive|Open letter|Analysis|Viewpoint):\s+(?:\S+\s+){2}\S"
)
#: Who was there, with names and offices: minutes call them by these, or by initials, from there on.
_ATTENDANCE = re.compile(
    r"\W*(?:also )?(?:members |councillors |committee members |officers )?(?:present|in attendance|attendance|attendees"
    r"|officers|witnesses)\b[^:\n]{0,30}:\s+(?:\S+\s+){2}\S",
    re.IGNORECASE,
)
_NOBODY: frozenset[int] = frozenset()
#: A line that is a quotation, or a name and a quotation.
_QUOTED = re.compile(rf"\s*(?:(?:[A-Z][\w.’'-]*\s?){{1,5}}:\s+)?[{re.escape(MARKS)}]\w")


def _repeats(i: int, bags: Sequence[tuple[str, ...]], holders: Sequence[Set[int]]) -> bool:
    """``holders`` are the lines that hold each pair of neighbouring words of line ``i``."""
    shared = [lines for lines in holders if len(lines) > 1 or (lines and i not in lines)]
    if len(shared) < len(holders) / 2:
        return False
    # a pair that stands everywhere tells nothing
    votes = Counter(j for lines in shared if len(lines) <= 20 for j in lines)
    bag = set(bags[i])
    for j, count in votes.items():
        longer = len(bags[j]) > len(bags[i]) + 1 or (len(bags[j]) == len(bags[i]) and j > i)
        if (
            j != i
            and longer
            and count >= len(holders) / 2
            and len(bag.intersection(bags[j])) >= REPEAT_SHARE * len(bag)
        ):
            return True
    return False
