"""The people around one application, and the texts an organization signs."""

import pytest

from members.onboarding.models import AgreementVersion, Application
from members.people.models import Person
from tests import factories
from tests.onboarding import steps


@pytest.fixture
def founder(db: None) -> Person:
    """Writes an application; belongs to nobody yet."""
    return factories.person("Folake Founder", email="folake@lilt.example")


@pytest.fixture
def texts(staff: Person) -> list[AgreementVersion]:
    """One text for organizations and one for persons, in force."""
    return [steps.in_force(staff, "membership"), steps.in_force(staff, "conduct")]


@pytest.fixture
def draft(founder: Person) -> Application:
    """An application with every answer given, not sent."""
    return steps.drafted(founder)


@pytest.fixture
def received(draft: Application) -> Application:
    return steps.sent(draft)


@pytest.fixture
def settled(received: Application, staff: Person) -> Application:
    """An application whose checklist allows its approval."""
    return steps.settled(received, staff)


@pytest.fixture
def approved(settled: Application, staff: Person, texts: list[AgreementVersion]) -> Application:
    return steps.approved(settled, staff)
