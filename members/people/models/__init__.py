"""People, and how they sign in: sessions, second factors, API tokens."""

from members.people.models.people import Person
from members.people.models.second_factors import SecondFactorReset
from members.people.models.sessions import Session
from members.people.models.tokens import ApiToken

__all__ = ["ApiToken", "Person", "SecondFactorReset", "Session"]
