"""A database of before the upgrade is migrated, its texts are rendered again, and every seal holds."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from common.record.queries import export
from common.record.verify import verify
from common.text.markdown import RENDERER_VERSION
from common.text.models import TextChange
from common.text.registry import stored_texts
from common.text.render_again import Progress, render_again
from members.onboarding.actions import agreements
from members.onboarding.models import AgreementVersion
from members.people.models import Person
from tests import factories
from tests.committed import copied_db
from tests.factories import works
from tests.text.stored import all_html
from workinggroups.decisions.models import Decision
from workinggroups.deliverables import checksums
from workinggroups.deliverables.models import Publication, Revision
from workinggroups.meetings.actions.approval import approve_minutes
from workinggroups.meetings.actions.minutes import offer_minutes
from workinggroups.meetings.actions.notes import save_notes
from workinggroups.meetings.models import NotesRevision

# The last migrations of a release whose HTML names no renderer.
BEFORE = {
    "deliverables": "0004",
    "decisions": "0003",
    "meetings": "0003",
    "discussion": "0002",
    "groups": "0007",
    "onboarding": "0002",
    "desk": "0003",
}
OLD_HTML = '<h2 id="user-content-former">Scope</h2>\n<p>Former words.</p>\n'


@pytest.fixture
def upgraded(migrated_db: None, django_db_blocker: Any) -> Iterator[None]:
    """Sealed, decided, signed and approved texts, migrated from the release before."""
    with copied_db(django_db_blocker):
        _formal_texts()
        for kind in stored_texts():
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {kind.model._meta.db_table} SET html = %s", [OLD_HTML])
        for app, migration in BEFORE.items():
            call_command("migrate", app, migration, verbosity=0)
        call_command("migrate", verbosity=0)
        yield


def _formal_texts() -> None:
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair")
    group = factories.group("Trust Benchmarks", preset="listed", chair=chair)
    works.publication(chair, group, files={"data.csv": b"a,b\n1,2\n"})
    staff = factories.person("Sade Staff", staff=True)
    draft = agreements.draft(actor=staff, kind="membership", title="", source="# Scope\n\nFair.")
    agreements.put_in_force(actor=staff, version=draft)
    meeting = factories.past_meeting(group, "Held", created_by=chair)
    save_notes(actor=chair, meeting=meeting, base=0, source="# Scope\n\nWe met.")
    _approve(chair, meeting)


def _approve(chair: Person, meeting: Any) -> None:
    meeting.refresh_from_db()
    offer_minutes(actor=chair, meeting=meeting, correction_days=0)
    meeting.refresh_from_db()
    approve_minutes(actor=chair, meeting=meeting, seen=1)


def test_after_an_upgrade_the_html_is_new_and_every_seal_holds(upgraded: None) -> None:
    head = list(export())[-1]["hash"]
    sources = {
        (kind.kind, pk): source
        for kind in stored_texts()
        for pk, source in kind.rows().values_list("pk", "source")
    }
    # What the release before left is one version behind; with the first renderer there is none.
    for kind in stored_texts():
        rows = kind.model._default_manager.all()
        assert set(rows.values_list("renderer_version", flat=True)) <= {1}
        rows.update(renderer_version=RENDERER_VERSION - 1)

    progress = render_again()

    assert progress.is_complete
    assert (progress.rendered, progress.refused) == (len(sources), 0)
    html = all_html()
    assert {version for _html, version in html.values()} == {RENDERER_VERSION}
    assert not [text for text, _version in html.values() if "Former words" in text]
    assert {
        (kind.kind, pk): source
        for kind in stored_texts()
        for pk, source in kind.rows().values_list("pk", "source")
    } == sources

    assert verify(export(), [head]) is None
    publication = Publication.objects.get()
    revision = Revision.objects.get(publication=publication)
    files = list(revision.files.select_related("stored"))
    assert revision.sha256 == publication.sha256 == checksums.seal_of(revision.source, files)
    assert Decision.objects.get().subject_sha256 == revision.sha256
    assert 'id="user-content-former"' in revision.html
    agreement = AgreementVersion.objects.get()
    assert agreement.sha256 == sha256(agreement.source.encode()).hexdigest()
    assert "We met." in NotesRevision.objects.get().html

    listed = list(TextChange.objects.values_list("kind", flat=True))
    assert listed[0] == "agreement"
    assert len(listed) == progress.changed

    assert render_again() == Progress(is_complete=True)
    assert all_html() == html
    assert TextChange.objects.count() == len(listed)
