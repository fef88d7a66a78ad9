"""Telling many people stays one quick statement, and a small group's page does not pay for them."""

from typing import Any

import pytest
from django.db import connection

from common.access import Level
from members.people.models import Person
from tests import factories
from workinggroups.groups.models import Group
from workinggroups.groups.queries import members_of, readers_of, viewers_of_people

PEOPLE = 3000


def crowd(group: Group) -> None:
    """As many people of one member organization, all with a seat in the group.

    With statistics, as PostgreSQL gathers them by itself within a minute of such a change.
    """
    organization = factories.organization("Large Labs")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO people_person (uuid, email, name, sort_name, search_name, password,
                                           zone, locale, in_directory, is_active, is_staff, joined_at)
                SELECT gen_random_uuid(), 'crowd' || n || '@people.example', 'Person ' || n,
                       'person ' || n, ' person ' || n, '!', 'UTC', 'en', false, true, false, now()
                  FROM generate_series(1, %(people)s) n
                RETURNING id
            ), belongs AS (
                INSERT INTO organizations_affiliation (uuid, person_id, organization_id, title,
                                                       source, during)
                SELECT gen_random_uuid(), id, %(organization)s, '', 'staff', tstzrange(now() - interval '1 day', NULL)
                  FROM made
            )
            INSERT INTO groups_participation (group_id, person_id, organization_id, level, during)
            SELECT %(group)s, id, %(organization)s, 'participant',
                   tstzrange(now() - interval '1 day', NULL) FROM made
            """,
            {"people": PEOPLE, "organization": organization.pk, "group": group.pk},
        )
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.ALLIANCE, Level.MEMBERS])
def test_the_audience_of_a_large_group_is_found_at_once(
    group: Group, chair: Person, level: Level
) -> None:
    """Minutes once, when it was asked person by person over the views of access."""
    crowd(group)
    give_up_after(seconds=4)

    readers = readers_of(group.pk, level).filter(pk__in=members_of(group.pk).values("pk"))

    assert readers.count() == PEOPLE + 1


def test_a_small_group_does_not_walk_over_the_whole_alliance(group: Group, chair: Person) -> None:
    crowd(factories.group("Everybody"))
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM groups_seat WHERE group_id = %s",
            [group.pk],
        )
        plan = cursor.fetchone()[0][0]["Plan"]

    assert plan["Actual Rows"] == 1
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 60, plan


def test_the_rights_of_a_batch_of_readers_are_found_without_everybodys(group: Group) -> None:
    crowd(group)
    readers = list(Person.objects.filter(participations__group=group).values_list("pk", flat=True))
    viewers_of_people.prepare(connection, viewers_of_people.text)
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE viewers_of_people(%s)", [readers[:20]]
        )
        plan = cursor.fetchone()[0][0]["Plan"]

    assert plan["Actual Rows"] == 20
    assert most_rows(plan) < PEOPLE / 10, plan


def most_rows(plan: dict[str, Any]) -> float:
    """How many rows the step of a plan with most of them handed on."""
    return max([plan["Actual Rows"], *(most_rows(step) for step in plan.get("Plans", ()))])


def give_up_after(*, seconds: int) -> None:
    """A statement that would take longer fails instead of holding up the run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
