"""Rules: who may do what, each with the sentence that a refused person reads.

A rule is written once, in the `permissions.py` of its app, and asked in two ways: as a plain
question where a page decides what to offer, and by `require` where an act begins.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec

from django.utils.functional import Promise

from common.errors import NotAllowed

Question = ParamSpec("Question")

# One sentence, or a function of the same arguments where the reason depends on them.
Refusal = str | Promise | Callable[..., str | Promise]


class Rule(Generic[Question]):
    """A yes or no about a viewer and a thing. Made by `@rule`, called like the function it wraps."""

    __name__: str

    def __init__(self, predicate: Callable[Question, bool], refusal: Refusal) -> None:
        self._predicate = predicate
        self._refusal = refusal
        update_wrapper(self, predicate)

    def __call__(self, *args: Question.args, **kwargs: Question.kwargs) -> bool:
        return self._predicate(*args, **kwargs)

    def refusal(self, *args: Question.args, **kwargs: Question.kwargs) -> str:
        """The sentence for somebody to whom the rule says no."""
        if callable(self._refusal):
            return str(self._refusal(*args, **kwargs))
        return str(self._refusal)

    def require(self, *args: Question.args, **kwargs: Question.kwargs) -> None:
        """Raise NotAllowed with the rule's sentence where the rule says no."""
        if not self._predicate(*args, **kwargs):
            raise NotAllowed(self.refusal(*args, **kwargs))


class rule:
    """Make a predicate a rule that carries this refusal."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal

    def __call__(self, predicate: Callable[Question, bool]) -> Rule[Question]:
        return Rule(predicate, self.refusal)
