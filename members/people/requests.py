"""The request of a signed-in person, for views behind `login_required`."""

from rest_framework.request import Request as ApiRequest

from common.http.requests import Request
from members.people.models import Person


class PersonRequest(Request):
    """A `Request` whose user is known to be a person."""

    user: Person


def caller_of(request: ApiRequest) -> Person:
    """Return the person whose session or token makes this request to the API for people signed in."""
    assert isinstance(request.user, Person)
    return request.user
