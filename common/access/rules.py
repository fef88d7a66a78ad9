"""Rules: who can do what, each with the sentence that a refused person reads.

A rule is written once, in the `permissions.py` of its app, and used in two ways: as a predicate
where a page decides what to offer, and by `require` at the start of an action.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec

from django.utils.functional import Promise

from common.errors import NotAllowed, WrongState

Arguments = ParamSpec("Arguments")

# One sentence, or a function of the rule's arguments when the reason depends on them.
Refusal = str | Promise | Callable[..., str | Promise]

# What closes the object to everybody, of the rule's arguments; "" where nothing does.
Closed = Callable[..., str | Promise]


class Rule(Generic[Arguments]):
    """A predicate of a viewer and an object. Made by `@rule`, called like the function it wraps."""

    __name__: str

    def __init__(
        self, predicate: Callable[Arguments, bool], refusal: Refusal, closed: Closed | None = None
    ) -> None:
        self._predicate = predicate
        self._refusal = refusal
        self._closed = closed
        update_wrapper(self, predicate)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> bool:
        return self._predicate(*args, **kwargs) and not self._why_closed(*args, **kwargs)

    def gives_right(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> bool:
        """Return whether the person has the right, though the object may be closed to everybody."""
        return self._predicate(*args, **kwargs)

    def _why_closed(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> str:
        return str(self._closed(*args, **kwargs)) if self._closed else ""

    def refusal(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> str:
        """Return the sentence that a person without the right reads."""
        if callable(self._refusal):
            return str(self._refusal(*args, **kwargs))
        return str(self._refusal)

    def require(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        """Raise NotAllowed with the rule's sentence unless the rule allows this.

        Raises WrongState where the person has the right, but the object is closed to everybody.
        """
        if not self._predicate(*args, **kwargs):
            raise NotAllowed(self.refusal(*args, **kwargs))
        if closed := self._why_closed(*args, **kwargs):
            raise WrongState(closed)


def rule(
    refusal: Refusal, closed: Closed | None = None
) -> Callable[[Callable[Arguments, bool]], Rule[Arguments]]:
    """Make a predicate a rule with this refusal; `closed` says what closes the object to everybody."""
    return lambda predicate: Rule(predicate, refusal, closed)
