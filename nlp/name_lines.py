"""Lines that say who speaks next and nothing else: "Ann Orde, chair of Kent LMC:", a paragraph that ends "said,"."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.marks import MARKS
from nlp.records import Block, BlockKind, StakeholderKind
from nlp.speakers import Discourse, Speaker

#: No line of a name, an office and a body is longer, in words.
LONGEST = 24
_MARK = r"\s*[:–—-]?\s*"
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|do|does|did|said|says|say|told|adds?|added"
    r"|includes?|included|as follows|following|here)\b",
    re.IGNORECASE,
)
#: A capitalised name, or somebody's spokesman, with what stands behind a comma, in brackets or behind "of".
_LINE = re.compile(
    r"[\s•*·-]*(?:(?:[Aa]|[Tt]he)\s(?:[A-Z][\w’'&-]*\s)*(?:spokes(?:man|woman|person)|source)\b[^.!?:\n]*"
    r"|(?:[A-Z][\w.’'&-]*\s){1,7}?[A-Z][\w.’'&-]*(?:,?\s\([^()\n]{2,80}\))?"
    r"(?:(?:,|\s[–—-]|\s(?:of|at|from|for))\s[^!?:\n]*)?"
    r"|[A-Z][\w’'-]*(?:,|\s(?:of|at|from|in))\s[^!?:\n]*)"
)
_FOR = re.compile(r"(?:A|The)\sspokes(?:man|woman|person)\s(?:for|at|from)\s(?:the\s)?")
#: "Dr A, president of the college, said,": the mark that announces words is another, or left out.
_SAID = re.compile(r"\b(?:said|says|added|adds|commented|comments|stated|states|explained|explains)\s*[,;–—-]?\s*$")


def is_name_line(text: str, start: int, end: int) -> bool:
    """Whether the stretch is a name with what its bearer is, and a colon or dash."""
    words = text[start:end].strip().rstrip(":–—-").strip()
    return len(words.split()) <= LONGEST and _LINE.fullmatch(words) is not None and not _VERB.search(words)


def is_unfinished(text: str, block: Block) -> bool:
    """Whether a paragraph ends with a verb of speech, and a quotation opens the next."""
    after = text[block.end : block.end + 8].lstrip()
    return after[:1] in tuple(MARKS) and _SAID.search(text, max(block.start, block.end - 40), block.end) is not None


def read_name_line(discourse: Discourse, block: Block) -> Speaker | None:
    """Who is named by a line that is nothing but a name; somebody unknown where it is nobody who is known."""
    text = discourse.article.text
    if not is_name_line(text, block.start, block.end):
        return None
    spoken_for = _FOR.match(text, block.start, block.end)
    first = spoken_for.end() if spoken_for else block.start
    units = [u for u in discourse.units(block.start, block.end) if u.id and block.start <= u.start <= first + 3]
    people = [u for u in units if discourse.kind(u.id or "") is StakeholderKind.PERSON]
    if not units:
        return Speaker(None, 0.3, "a line with a name that nobody is known by", block.start, block.end, "phrase")
    return discourse.resolve([*people, *units][0])


def name_above(discourse: Discourse, index: int) -> Speaker | None:
    """The person whose name is the heading right above a quotation that opens the block ``index``."""
    blocks, text = discourse.article.blocks, discourse.article.text
    above, block = blocks[index - 1], blocks[index]
    if index < 2 or above.kind is not BlockKind.HEADLINE or text[block.start] not in MARKS:
        return None
    line = read_name_line(discourse, above)
    person = line is not None and line.id is not None and discourse.kind(line.id) is StakeholderKind.PERSON
    return replace(line, reason="named in the heading above") if line and person else None
