"""Loading the demo: into an empty database, or in place of an older demo."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.portal import installation
from common.errors import WrongState
from demo import (
    applications,
    catalogue,
    discussions,
    groups,
    inboxes,
    meetings,
    organizations,
    people,
    special_meetings,
    works,
)
from demo.scenario import Scenario
from members.organizations.models import Organization
from members.people.models import Person
from notifications.actions import drop_unsent_mail

Report = Callable[[str], None]

# How long a reload waits for pages and workers that use the database at this moment.
LOCK_SECONDS = 20
# Days before now at which ANALYZE runs. Autovacuum sees nothing of this one transaction, and tables
# that seem empty make for bad plans.
ANALYZED = (421, 409, 395, 360, 300, 240, 190, 120, 60)


def load(report: Report, *, only_if_empty: bool = False) -> bool:
    """Load the demo into a database that holds nothing else; return whether it was loaded.

    A demo that was loaded before is dropped with its tables, since its record refuses to be
    deleted; with `only_if_empty` it is kept. Raises WrongState if the database holds anything
    else, and for a second load outside of development.
    """
    if is_empty():
        pass
    elif only_if_empty:
        return False
    elif not installation.is_marked():
        raise WrongState(
            _(
                "This database holds %(people)d people who are not of the demo. The demo is loaded "
                "into an empty database only: take another one, or start with another DATA_DIR."
            )
            % {"people": Person.objects.count()}
        )
    elif not settings.DEVELOPMENT:
        raise WrongState(_("The demo is replaced while developing only (DEVELOPMENT=1)."))
    else:
        report(_("Dropping the demo that was loaded before …"))
        make_tables_again()
    write(report)
    return True


def is_empty() -> bool:
    return not (Person.objects.exists() or Organization.objects.exists())


def make_tables_again() -> None:
    """Make all tables of the database again, empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute("RESET lock_timeout")
    # Statements prepared on this connection name tables that are gone.
    connection.close()
    ContentType.objects.clear_cache()
    call_command("migrate", interactive=False, verbosity=0)


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def write(report: Report) -> None:
    """Write fourteen months in one transaction, so that a load that is killed leaves nothing."""
    now = timezone.now()
    scenario = Scenario(now)
    for subject in (
        people,
        organizations,
        groups,
        meetings,
        special_meetings,
        discussions,
        works,
        catalogue,
        applications,
        inboxes,
    ):
        subject.plan(scenario)
    for days in ANALYZED:
        scenario.at(scenario.ago(days), analyze)
    with transaction.atomic():
        installation.mark(at=now)
        scenario.run()
        drop_unsent_mail()
    report(
        _("%(organizations)d organizations, %(people)d people, %(groups)d groups.")
        % {
            "organizations": len(scenario.organizations),
            "people": len(scenario.people),
            "groups": len(scenario.groups),
        }
    )
