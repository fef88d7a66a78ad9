"""The light acts that can be taken back, and the signed offer to do so.

An offer names the act, the person who did it, the state that the act left, and a time. It takes
nothing back by itself: the app of the act compares the state, under its lock, and calls the
ordinary opposite act, with its rights and its record. An app registers its acts from `apps.ready`.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Conflict
from common.http.requests import Request

SALT = "undo"
OFFERED = timedelta(minutes=10)
# Marks, in the tags of a message, the offer after it.
TAG = "undo:"

Facts = Mapping[str, Any]
# Takes the act back for the person with this id; returns the sentence that says so. Raises
# DomainError, such as `changed_since`.
TakeBack = Callable[[int, Facts], str]

_acts: dict[str, TakeBack] = {}


def register(name: str, take_back: TakeBack) -> None:
    """Register an act. Raises ValueError when two acts have the same name."""
    if _acts.get(name, take_back) is not take_back:
        raise ValueError(f"Two light acts are named {name!r}.")
    _acts[name] = take_back


def say_with_undo(request: Request, words: str, act: str, facts: Facts) -> None:
    """Show these words on the next page, with a button that takes the act back for ten minutes.

    `facts` are what the act's `TakeBack` needs to know: ids, and the states before and after it.
    """
    until = int((timezone.now() + OFFERED).timestamp())
    offer = [act, dict(facts), str(request.viewer.person_uuid), until]
    token = signing.dumps(offer, salt=SALT, compress=True)
    messages.success(request, words, extra_tags=f"{TAG}{token}")


def take_back(request: Request, token: str) -> str:
    """Take back the act of this offer; return the sentence that says so.

    Raises Conflict for an offer that is over, another person's, or not ours, and the DomainError of
    the act, such as `changed_since`.
    """
    too_late = Conflict(_("It is too late to undo this. Nothing has been changed."))
    try:
        name, facts, person_uuid, until = signing.loads(token, salt=SALT)
        act = _acts[name]
    except (signing.BadSignature, KeyError, ValueError, TypeError):
        raise too_late from None
    person_id = request.viewer.person_id
    if person_id is None or person_uuid != str(request.viewer.person_uuid):
        raise too_late
    if timezone.now().timestamp() > until:
        raise too_late
    return act(person_id, facts)


def changed_since() -> Conflict:
    """Return the refusal of an offer whose object is no longer as the act left it."""
    return Conflict(_("This has changed in the meantime, so it was not undone."))
