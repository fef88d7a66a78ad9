import pytest
from django.utils import timezone

from common.errors import Conflict, DomainError, WrongState
from tests import factories
from tests.committed import together
from tests.factories.works import approve, approved, attach, deliverable, in_review, publication
from tests.groups.test_creating import edit
from workinggroups.deliverables import actions
from workinggroups.deliverables.checksums import seal_of
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment, Revision
from workinggroups.groups.actions import hand_over


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


def refused(outcomes):
    """The refusals; none of them a broken constraint."""
    errors = [one for one in outcomes if isinstance(one, BaseException)]
    assert all(isinstance(one, DomainError) for one in errors), errors
    return errors


def test_a_withdrawal_while_the_next_version_is_published_leaves_one_that_stands(
    committed_db, django_db_blocker
):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        group = factories.group(chair=chair)
        first = publication(chair, group)
        work = first.deliverable
        work.refresh_from_db()
        actions.revise(actor=chair, deliverable=work)
        actions.open_review(actor=chair, deliverable=work, until=timezone.now().date())
        approve(chair, work)

        outcomes = together(
            lambda: actions.publish(actor=chair, deliverable=work, number="2.0"),
            *[lambda: actions.withdraw(actor=chair, publication=first, reason="Wrong figures.")]
            * 3,
        )

        assert len(refused(outcomes)) == 2
        work.refresh_from_db()
        assert work.state == "published"
        assert Publication.objects.standing().get().number == "2.0"
        assert Publication.objects.get(is_latest=True).number == "2.0"


def test_a_text_saved_while_it_is_sealed_is_in_the_seal_or_refused(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        work = deliverable(chair, factories.group(chair=chair))

        _sealed, saved = together(
            lambda: actions.seal(actor=chair, deliverable=work),
            lambda: actions.save_text(
                actor=chair, deliverable=work, version=2, source="Other words."
            ),
        )

        refused([saved])
        revision = Revision.objects.get()
        assert revision.sha256 == seal_of(revision.source, [])
        assert (revision.source == "Other words.") == isinstance(saved, Revision)


def test_of_two_who_save_a_text_one_is_told_of_the_other(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        work = deliverable(chair, factories.group(chair=chair))

        outcomes = together(
            *(
                lambda words=words: actions.save_text(
                    actor=chair, deliverable=work, version=2, source=words
                )
                for words in ("One.", "Other.")
            )
        )

        assert [type(error) for error in refused(outcomes)] == [Conflict]


def test_nothing_is_approved_over_a_comment_that_came_at_that_moment(
    committed_db, django_db_blocker
):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        work = in_review(chair, factories.group(chair=chair))

        outcomes = together(
            lambda: approve(chair, work),
            lambda: actions.add_comment(actor=chair, deliverable=work, source="Wait."),
        )

        assert len(refused(outcomes)) == 1
        work.refresh_from_db()
        assert (work.state == "approved") == (not ReviewComment.objects.exists())


def test_whoever_hands_the_chair_over_meanwhile_approves_before_or_not_at_all(
    committed_db, django_db_blocker
):
    with django_db_blocker.unblock():
        organization = factories.organization()
        chair, heir = factories.member_of(organization), factories.member_of(organization)
        group = factories.group(chair=chair)
        factories.seat(group, heir)
        work = in_review(chair, group)

        approval, _handed = together(
            lambda: approve(chair, work),
            lambda: hand_over(actor=chair, group=group, person=heir),
        )

        refused([approval])
        work.refresh_from_db()
        assert work.state == ("review" if isinstance(approval, Exception) else "approved")


def test_a_group_closes_its_content_while_works_are_approved(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        group = factories.group(preset="open", chair=chair)
        works = [in_review(chair, group, title=f"Work {place}") for place in range(6)]

        outcomes = together(
            lambda: edit(chair, group, content="members"),
            *(lambda work=work: approve(chair, work) for work in works),
        )

        assert refused(outcomes) == []
        assert set(Deliverable.objects.values_list("state", "level")) == {("approved", 2)}
