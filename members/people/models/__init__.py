"""The person, and how a person signs in: sessions, second factors, tokens for programs."""

from members.people.models.people import Person
from members.people.models.second_factors import SecondFactorReset
from members.people.models.sessions import Session
from members.people.models.tokens import ApiToken

__all__ = ["ApiToken", "Person", "SecondFactorReset", "Session"]
