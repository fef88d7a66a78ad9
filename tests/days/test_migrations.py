"""Days of a database that kept moments only: filled as they were typed, and nothing else touched."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader

from common.record.models import Record
from common.search.models import SearchEntry
from common.times import since
from members.organizations.models import Membership
from tests import factories
from tests.factories.works import decision, outside_entry
from workinggroups.decisions.models import Decision

DECIDED_ON = ("workinggroups.decisions", "0004_decided_on")
JOINED_ON = ("members.organizations", "0003_membership_joined_on")
PUBLISHED_ON = ("catalogue", "0002_search_shows_the_day_of_publication")


def forget_days():
    """As the columns are when a migration has just added them."""
    with connection.cursor() as cursor:
        cursor.execute("""
            ALTER TABLE decisions_decision DISABLE TRIGGER decision_stands;
            ALTER TABLE decisions_decision ALTER decided_on DROP NOT NULL;
            ALTER TABLE organizations_membership ALTER joined_on DROP NOT NULL;
            UPDATE decisions_decision SET decided_on = NULL;
            UPDATE organizations_membership SET joined_on = NULL;
            UPDATE search_searchentry SET day = NULL;
            ALTER TABLE decisions_decision ENABLE TRIGGER decision_stands;
        """)


def fill_days():
    """In one transaction with the change of the column that follows, as each migration does."""
    states = MigrationLoader(connection)
    for (app, name), table, column in (
        (DECIDED_ON, "decisions_decision", "decided_on"),
        (JOINED_ON, "organizations_membership", "joined_on"),
        (PUBLISHED_ON, None, None),
    ):
        models = states.project_state((app.rpartition(".")[2], name)).apps
        with connection.schema_editor(atomic=True) as editor:
            import_module(f"{app}.migrations.{name}").fill(models, editor)
            if table:
                editor.execute(f"ALTER TABLE {table} ALTER {column} SET NOT NULL")


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) - 'decided_on' FROM {table} t ORDER BY 1")
        return cursor.fetchall()


def test_a_database_with_decisions_and_members_gets_the_days_that_were_typed(
    committed_db, django_db_blocker
):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization(), zone="Pacific/Auckland")
        staff = factories.person("Stella Staff", staff=True)
        group = factories.group(chair=chair)
        late = datetime(2026, 6, 9, 22, 30, tzinfo=UTC)
        held = factories.meeting(
            group, zone="America/Chicago", starts_at=datetime(2026, 6, 10, 4, tzinfo=UTC)
        )
        over_midnight = held.starts_at + timedelta(minutes=59)  # of the day on which it began
        assert (held.local_date, held.local_time.hour) == (date(2026, 6, 9), 23)
        stored = {
            "typed as 27 November": (datetime(2025, 11, 27, 12, tzinfo=UTC), None),
            "recorded at once": (late, None),
            "at the meeting": (over_midnight, held),
            "after the meeting": (held.starts_at + timedelta(hours=3), held),
            "typed with a meeting": (datetime(2026, 6, 9, 12, tzinfo=UTC), held),
        }
        for title, (moment, meeting) in stored.items():
            decision(chair, group, title, decided_at=moment, meeting=meeting)
        outside_entry(staff, published_on=date(2024, 5, 1))
        lab = factories.organization("Imported", status=None)
        factories.membership(
            organization=lab, during=since(datetime(2023, 12, 5, tzinfo=UTC)), joined_on="2000-1-1"
        )
        forget_days()
        before, chain = rows("decisions_decision"), rows("record_record")

        fill_days()

        assert dict(Decision.objects.values_list("title", "decided_on")) == {
            "typed as 27 November": date(2025, 11, 27),
            "recorded at once": date(2026, 6, 10),
            "at the meeting": date(2026, 6, 9),
            "after the meeting": date(2026, 6, 10),
            "typed with a meeting": date(2026, 6, 9),
        }
        assert rows("decisions_decision") == before
        assert rows("record_record") == chain
        assert Record.objects.filter(kind="decision").count() == len(stored)
        for one in Decision.objects.all():
            assert SearchEntry.objects.get(uuid=one.uuid).day == one.decided_on
        assert SearchEntry.objects.get(kind="outside_entry").day == date(2024, 5, 1)
        assert Membership.objects.get(organization=lab).joined_on == date(2023, 12, 5)
        with pytest.raises(IntegrityError):
            Decision.objects.update(decided_on=date(2020, 1, 1))
