import pytest

from common.errors import WrongState
from tests import factories
from tests.committed import together
from tests.factories.works import approved, attach, deliverable
from workinggroups.deliverables import actions
from workinggroups.deliverables.checksums import seal_of
from workinggroups.deliverables.models import Publication, Revision


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_of_32_who_publish_at_once_one_does(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        work = approved(chair, factories.group(chair=chair))

        outcomes = together(
            *(
                lambda: actions.publish(actor=chair, deliverable=work, number="1.0")
                for _place in range(32)
            )
        )

        assert sum(isinstance(outcome, Publication) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, WrongState) for outcome in outcomes) == 31
        assert Publication.objects.get().identifier == "AS-1"


def test_works_published_at_once_get_identifiers_of_their_own(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        group = factories.group(chair=chair)
        works = [approved(chair, group, title=f"Work {place}") for place in range(8)]

        together(
            *(
                lambda work=work: actions.publish(actor=chair, deliverable=work, number="1.0")
                for work in works
            )
        )

        identifiers = set(Publication.objects.values_list("identifier", flat=True))
        assert identifiers == {f"AS-{place}" for place in range(1, 9)}


def test_a_seal_covers_every_file_that_is_there(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        work = deliverable(chair, factories.group(chair=chair))

        together(
            lambda: actions.seal(actor=chair, deliverable=work),
            *(lambda place=place: attach(chair, work, f"data-{place}.csv") for place in range(6)),
        )

        revision = Revision.objects.get()
        files = list(revision.files.select_related("stored"))
        assert revision.sha256 == seal_of(revision.source, files)
