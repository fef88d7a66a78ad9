"""The session engine: each session's row says whose it is, so that no sign-in can escape its end.

Named by the setting SESSION_ENGINE. Whatever writes a session (a sign-in, a new session key, a
changed password) writes the row of the person in it; there is no second list to keep.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from members.people.models import Session

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session, with the person who is signed in by it."""
        row = cast(Session, super().create_model_instance(data))
        signed_in = data.get(SESSION_KEY)
        row.person_id = int(signed_in) if signed_in is not None else None
        return row

    def read_again(self) -> None:
        """Forget what was read of the session, so that the next look reads its row."""
        self.__dict__.pop("_session_cache", None)
        self.modified = False


def guesses_one_by_one(view: View) -> View:
    """Posts to this view from one session run one after another, each on what the last one left.

    For pages that count wrong codes in the session. Sixteen guesses sent at once would else all be
    compared before the first is counted. Locks the session's row for as long as the view runs, in a
    transaction; what the view writes to the session is committed with it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        session = cast(SessionStore, request.session)
        key = session.session_key
        if request.method != "POST" or key is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            Session.objects.select_for_update().filter(session_key=key).first()
            session.read_again()
            response = view(request, *args, **kwargs)
            if session.modified and session.session_key == key:
                session.save()
                # Else the middleware writes it a second time, after the next guess was counted.
                session.modified = False
        return response

    guarded.guesses_one_by_one = True  # type: ignore[attr-defined]
    return cast(View, guarded)
