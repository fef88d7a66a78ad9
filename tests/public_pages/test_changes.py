"""Whatever a stranger's page is made of is noted when it changes: once a transaction, at COMMIT."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.public_changes.actions import forget_old_changes
from common.public_changes.models import PublicChange
from common.public_changes.queries import version
from common.vocabulary.models import FocusArea
from tests.committed import together
from tests.factories import works
from tests.matrix.loading import rows
from tests.matrix.routes import routes
from tests.world import build_world

# Nothing of these stands on a page for strangers; most change whenever somebody signs in, is told
# something or saves a draft.
PRIVATE = {
    *("auth_group", "auth_group_permissions", "auth_permission", "django_content_type"),
    *("account_emailaddress", "account_emailconfirmation", "mfa_authenticator"),
    *("people_apitoken", "people_secondfactorreset", "people_session"),
    *("notifications_event", "notifications_notice", "notifications_preference"),
    *("mail_delivery", "mail_message", "mail_threadstart"),
    "access_grant",
    *("decisions_ballot", "decisions_ballotstep", "decisions_rollentry"),
    *("decisions_rollperson", "decisions_vote"),
    *("drafts_draft", "comparisons_comparison", "search_filetext", "search_searchentry"),
    "record_unchained",
    *("organizations_legalnamerequest", "organizations_organizationdomain"),
    *("onboarding_acceptance", "onboarding_addressproof", "onboarding_invitation"),
    *("onboarding_application", "onboarding_applicationcheck"),
    *("onboarding_applicationmatch", "onboarding_applicationnote"),
    *("groups_actionitemcomment", "groups_actionitemcommentedit"),
    *("groups_actionitemedit", "groups_actionitemowner", "groups_admissionrequest"),
    *("groups_breakglass", "groups_breakglassread"),
    *("groups_groupinvitation", "groups_voterrequest", "groups_votingrepresentative"),
    *("discussion_follow", "meetings_calendarfeed"),
    *("meetings_meetingseries", "meetings_skippedday", "meetings_templateitem"),
    *("meetings_timepoll", "meetings_timeoption", "meetings_optionanswer"),
    *("meetings_attendanceclaim", "meetings_competitionnotice"),
    *("meetings_agendaproposal", "meetings_guest", "meetings_paper", "meetings_speakerrequest"),
    *("meetings_recording", "meetings_sealedminutes"),
    *("pdf_erasures", "pdf_pdffile"),
    "meetings_notifiedclockchange",
    "public_changes_publicchange",
}


def noted_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'public_change_noted'"
        )
        return {table for (table,) in cursor.fetchall()}


@pytest.mark.django_db
def test_each_table_is_noted_or_private() -> None:
    models = apps.get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in models if model._meta.managed}

    assert noted_tables() == tables - PRIVATE
    assert tables >= PRIVATE


# Strangers read these as well, and they are made each time.
MADE_EACH_TIME = {
    "appearance": "a form",
    "calendar-feed": "a secret address",
    "calendar-group-feed": "a secret address",
    "invitation": "a secret address",
    "invitation-code": "a form",
    "join-code": "a form",
    "join-start": "a form",
    "notices-stop": "a secret address",
    "publication-figure": "a file",
    "publication-file": "a file",
    "search": "what somebody asked for",
}


def test_every_page_that_strangers_read_is_kept_or_has_a_reason() -> None:
    read = {
        row.route
        for row in rows()
        if row.is_due and row.method == "GET" and not row.route.startswith("api-")
        if any(codes["anonymous"] == "2" for codes in row.expect.values())
    }
    public = {route.name for route in routes() if getattr(route.callback, "is_public_page", False)}

    assert read - public == MADE_EACH_TIME.keys()
    assert public <= read


# --- what the pages read ------------------------------------------------------------------------


@pytest.fixture
def addresses(db: None, settings: Any, tmp_path: Any) -> dict[str, str]:
    """An example of each public page, by the name of its route."""
    settings.MEDIA_ROOT = tmp_path
    world = build_world()
    group, chair = world.groups["open"], world.people["chair"]
    work = works.publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})
    entry = works.outside_entry(world.people["staff"], url="https://more.example/")
    version_args = [work.identifier, work.number]
    organization = next(iter(world.organizations.values()))
    arguments: dict[str, list[Any]] = {
        "group": [group.slug],
        "group-charter": [group.slug],
        "group-charter-version": [group.slug, 1],
        "organization": [organization.slug],
        "site-text": ["about"],
        "agreement": ["membership"],
        "agreement-version": ["membership", 1],
        "why-publication": [work.uuid],
        "publication": [work.identifier],
        "publication-version": version_args,
        "publication-text": version_args,
        "publication-cite": [*version_args, "bib"],
        "publication-source": version_args,
        "publication-manifest": version_args,
        "outside-entry": [entry.uuid],
    }
    public = [route for route in routes() if getattr(route.callback, "is_public_page", False)]
    return {route.name: reverse(route.name, args=arguments.get(route.name)) for route in public}


def test_public_pages_read_nothing_that_is_not_noted(addresses: Any, client: Any) -> None:
    noted = noted_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT view_name, table_name FROM information_schema.view_table_usage"
            " WHERE view_schema = 'public'"
        )
        views: dict[str, set[str]] = {}
        for view, table in cursor.fetchall():
            views.setdefault(view, set()).add(table)
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        tables = {table for (table,) in cursor.fetchall()}

    unnoted = {}
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, f"{name}: {address}"
        read = set(re.findall(r"\w+", " ".join(query["sql"] for query in queries))) & tables
        read = {under for table in read for under in views.get(table, {table})}
        if read - noted:
            unnoted[name] = read - noted

    assert len(addresses) > 15
    assert unnoted == {}


def test_public_pages_bring_nothing_that_tells_their_reader(addresses: Any, client: Any) -> None:
    for name, address in addresses.items():
        answer = client.get(address)
        assert not answer.cookies, name
        assert answer["ETag"], name
        assert "no-store" not in answer["Cache-Control"], name
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304, name


# --- one row to a transaction, at COMMIT --------------------------------------------------------


@pytest.fixture
def area(committed_db: str) -> Iterator[FocusArea]:
    yield FocusArea.objects.all()[0]
    connections.close_all()


def rename(area: FocusArea, name: str) -> None:
    FocusArea.objects.filter(pk=area.pk).update(name=name)


def test_a_transaction_appends_one_row_however_much_it_changes(area: FocusArea) -> None:
    before = PublicChange.objects.count()

    with transaction.atomic():
        rename(area, "A")
        rename(area, "B")
        FocusArea.objects.create(slug="new", name="New", position=99)

    assert PublicChange.objects.count() == before + 1


def test_what_is_noted_in_a_savepoint_that_went_back_is_noted_again(area: FocusArea) -> None:
    before = version()

    with transaction.atomic():
        point = transaction.savepoint()
        rename(area, "A")
        transaction.savepoint_rollback(point)
        rename(area, "B")

    assert version() != before


def test_a_transaction_that_went_back_changes_nothing(area: FocusArea) -> None:
    before = version()

    with transaction.atomic():
        rename(area, "A")
        transaction.set_rollback(True)

    assert version() == before


def test_a_transaction_counts_when_it_commits_late(area: FocusArea) -> None:
    """The one that began first commits last: its row is not the newest, and still counts."""

    def other() -> str:
        FocusArea.objects.create(slug="other", name="Other", position=98)
        return version()

    with transaction.atomic():
        rename(area, "A")
        [while_open] = together(other)

    assert isinstance(while_open, str)
    assert version() != while_open


def test_an_open_import_makes_no_writer_wait(area: FocusArea) -> None:
    def write_in_no_time() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            FocusArea.objects.create(slug="other", name="Other", position=98)

    with transaction.atomic():
        FocusArea.objects.bulk_create(
            FocusArea(slug=f"area-{number}", name=f"Area {number}", position=100 + number)
            for number in range(1000)
        )
        [outcome] = together(write_in_no_time)

    assert not isinstance(outcome, OperationalError)
    assert outcome is None


def test_forgetting_old_rows_is_no_version_of_before(area: FocusArea) -> None:
    seen = {version()}
    for number in range(3):
        rename(area, f"Name {number}")
        seen.add(version())
    PublicChange.objects.update(noted_at=timezone.now() - timedelta(hours=1))
    rename(area, "New")
    seen.add(version())

    forgotten = forget_old_changes()

    assert forgotten >= 3
    assert PublicChange.objects.count() == 2
    assert version() not in seen


def test_a_long_transaction_counts_though_its_row_is_forgotten_at_once(area: FocusArea) -> None:
    before = version()
    rename(area, "A")
    PublicChange.objects.update(noted_at=timezone.now() - timedelta(hours=1))

    forget_old_changes()

    assert version() != before
