"""The characters that are typed for quotation marks: one list for every module that looks for them."""

from __future__ import annotations

SINGLE = "‘’'´`‛‹›‚′"
DOUBLE = '“”"„‟«»″＂'
#: Marks that open by their shape; typists close with them too.
LEFT = "‘“„«‚‹‛‟"
MARKS = SINGLE + DOUBLE
