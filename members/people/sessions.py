"""The session engine: each session's row says whose it is, so that no sign-in can escape its end.

Named by the setting SESSION_ENGINE. Whatever writes a session (a sign-in, a new session key, a
changed password) writes the row of the person in it; there is no second list to keep.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from members.people.models import Session


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session, with the person who is signed in by it."""
        row: Session = super().create_model_instance(data)
        signed_in = data.get(SESSION_KEY)
        row.person_id = int(signed_in) if signed_in is not None else None
        return row
