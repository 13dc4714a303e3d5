"""What one article or file may do to the program without ending the work on the others."""

from __future__ import annotations

from nlp.errors import StandpointError

#: It is told and counted, and the others go on. What is not set up fails for all of them, and what runs out of memory
#: or is interrupted is nobody's fault.
FAULTS = (
    *(StandpointError, OSError, ArithmeticError, AssertionError, AttributeError),
    *(LookupError, RuntimeError, TypeError, ValueError),
)
