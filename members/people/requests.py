"""The request of a signed-in person, for views behind `login_required`."""

from common.http.requests import Request
from members.people.models import Person


class PersonRequest(Request):
    """A `Request` whose user is known to be a person."""

    user: Person
