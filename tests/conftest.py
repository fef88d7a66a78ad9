"""The small fixed cast that every room's tests know, and their browsers.

`group` is listed for everybody, admits by request and writes for its members: the commonest kind.
The cast belongs to two member organizations: `organization` (Aurora Labs) and that of `outsider`.
"""

import os
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from hypothesis import HealthCheck, settings

from alliance.portal import installation
from common import valkey
from common.wake_worker import _Enqueue
from members.organizations.models import Organization
from members.people.models import Person
from tests import factories
from tests.browser import signed_in
from workinggroups.groups.models import Group

# A busy machine makes a test slow, not wrong. A run of the suite tries the same examples each time,
# so that a change is judged by what it changed; `make fuzz` tries new ones.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="FUZZ_EXAMPLES" not in os.environ,
)
settings.load_profile("any machine")

# The same algorithm at its lowest cost: a tenth of a second for each password is for attackers.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 8
Argon2PasswordHasher.parallelism = 1


@pytest.fixture(autouse=True)
def is_no_demo() -> None:
    """Known for the test, so that no page asks the database and counts of queries stay exact."""
    installation.note(is_demo=False)


@pytest.fixture(autouse=True)
def no_server_is_silent() -> None:
    """What an earlier test made a process believe of broker and cache is forgotten."""
    _Enqueue.silent_until = 0.0
    valkey._silent_until.clear()


@pytest.fixture
def organization(db: None) -> Organization:
    """A member organization, to which most of the cast belongs."""
    return factories.organization("Aurora Labs")


@pytest.fixture
def group(chair: Person) -> Group:
    """A group with `chair` in the chair, and nobody else unless a test asks for them."""
    return factories.group("Trust Benchmarks", preset="listed", chair=chair)


@pytest.fixture
def chair(organization: Organization) -> Person:
    """Chairs `group`."""
    return factories.member_of(organization, "Chiara Chair")


@pytest.fixture
def co_chair(group: Group, organization: Organization) -> Person:
    person = factories.member_of(organization, "Cora Cochair")
    factories.seat(group, person, office="co_chair")
    return person


@pytest.fixture
def secretary(group: Group, organization: Organization) -> Person:
    person = factories.member_of(organization, "Sefa Secretary")
    factories.seat(group, person, office="secretary")
    return person


@pytest.fixture
def member(group: Group, organization: Organization) -> Person:
    """Takes part in `group` as a participant, for `organization`."""
    person = factories.member_of(organization, "Mira Member")
    factories.seat(group, person)
    return person


@pytest.fixture
def observer(group: Group, organization: Organization) -> Person:
    """Has a seat in `group` that reads and never writes."""
    person = factories.member_of(organization, "Ola Observer")
    factories.seat(group, person, level="observer")
    return person


@pytest.fixture
def representative(organization: Organization) -> Person:
    """Acts for `organization`; in no group."""
    person = factories.member_of(organization, "Rana Representative")
    factories.represent(person, organization)
    return person


@pytest.fixture
def outsider(db: None) -> Person:
    """A member of the alliance, from another organization, who is only in another group."""
    person = factories.member_of(factories.organization("Borealis University"), "Odo Outsider")
    factories.group("Another Group", preset="closed", chair=person)
    return person


@pytest.fixture
def individual(db: None) -> Person:
    """A collaborator: inside the alliance by a membership of its own, without an organization."""
    person = factories.person("Ines Individual")
    factories.membership(person=person)
    return person


@pytest.fixture
def applicant(db: None) -> Person:
    """Confirmed its address and applied; not inside."""
    person = factories.person("Aki Applicant")
    factories.application(person)
    return person


@pytest.fixture
def stranger(db: None) -> Person:
    """Can sign in and is nothing else."""
    return factories.person("Stig Stranger")


@pytest.fixture
def staff(db: None) -> Person:
    return factories.person("Sade Staff", staff=True)


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(person)` is that person's signed-in browser; `recent=False` signed in long ago."""
    return signed_in
