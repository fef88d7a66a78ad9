from tests import factories
from tests.committed import together
from tests.factories.works import decision
from workinggroups.decisions.models import Decision


def test_many_at_once_get_numbers_without_gap_or_double(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        group = factories.group(chair=chair)

        outcomes = together(
            *(lambda place=place: decision(chair, group, f"Point {place}") for place in range(12))
        )

        assert [type(outcome) for outcome in outcomes] == [Decision] * 12
        numbers = Decision.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 13))


def test_an_older_decision_is_replaced_once(committed_db, django_db_blocker):
    with django_db_blocker.unblock():
        chair = factories.member_of(factories.organization())
        group = factories.group(chair=chair)
        older = decision(chair, group)

        outcomes = together(
            *(
                lambda place=place: decision(chair, group, f"Anew {place}", replaces=older)
                for place in range(8)
            )
        )

        assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1
        assert Decision.objects.count() == 2
