"""Sessions, and who is signed in by each."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string

from members.people.models.people import Person


class Session(AbstractBaseSession):
    """A session of one browser; `person` is signed in, or null for a visitor.

    Written by `members.people.sessions` alone. Deleting a person's rows signs the person out.
    """

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return the store of the engine in SESSION_ENGINE."""
        store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store
