"""People, and how they sign in: sessions, second factors, API tokens."""

from members.people.models.people import Person
from members.people.models.sign_in import ApiToken, SecondFactorReset, Session
