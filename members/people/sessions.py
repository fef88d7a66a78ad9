"""The session engine (SESSION_ENGINE): each session's row names its person.

Every write of a session (a sign-in, a new session key, a changed password) also writes its person,
so that deleting a person's rows ends all their sign-ins and no second list has to be kept.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from common.http.view_types import mark
from members.people.models import Session

Asked = TypeVar("Asked", bound=HttpRequest)
Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[Asked, Parameters], HttpResponseBase]


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, object]) -> Session:
        """Return the row of this session, with its person."""
        session = cast(Session, super().create_model_instance(data))
        person_id = data.get(SESSION_KEY)
        session.person_id = int(str(person_id)) if person_id is not None else None
        return session

    def read_again(self) -> None:
        """Forget the loaded session, so that its row is read again."""
        self.__dict__.pop("_session_cache", None)
        self.modified = False


def guesses_one_by_one(view: View[Asked, Parameters]) -> View[Asked, Parameters]:
    """Run posts to this view from one session one after another.

    For pages that count wrong codes in the session: guesses sent at once would otherwise all be
    compared before the first is counted. Locks the session's row while the view runs, in one
    transaction with what the view writes to the session.
    """

    @wraps(view)
    def guarded(
        request: Asked, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
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
                # Otherwise the middleware saves it again, after the next guess was counted.
                session.modified = False
        return response

    return mark(guarded, "guesses_one_by_one")
