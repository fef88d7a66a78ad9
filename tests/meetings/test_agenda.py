import pytest

from common.errors import Invalid, NotAllowed, WrongState
from notifications.models import Event
from tests import factories
from workinggroups.meetings import actions
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, AGENDA_TEXT_MAX_CHARACTERS
from workinggroups.meetings.models import AgendaItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(group):
    return factories.meeting(group)


def titles(meeting) -> list[str]:
    return [f"{item.position} {item.title}" for item in meeting.agenda.all()]


def three(meeting) -> list[AgendaItem]:
    return [factories.agenda_item(meeting, name) for name in ("a", "b", "c")]


def test_an_item_is_added_at_the_end(secretary, meeting):
    three(meeting)

    actions.add_agenda_item(actor=secretary, meeting=meeting, title="d", minutes=5)

    assert titles(meeting) == ["1 a", "2 b", "3 c", "4 d"]


@pytest.mark.parametrize(
    ("which", "places", "order"),
    [(0, 1, "bac"), (2, -1, "acb"), (0, -1, "abc"), (2, 1, "abc"), (2, -9, "cab"), (0, 9, "bca")],
)
def test_an_item_moves_up_and_down_as_far_as_there_is_room(chair, meeting, which, places, order):
    item = three(meeting)[which]

    actions.move_agenda_item(actor=chair, item=item, places=places)

    assert titles(meeting) == [f"{at} {title}" for at, title in enumerate(order, start=1)]


def test_a_removed_item_leaves_no_gap(chair, meeting):
    actions.remove_agenda_item(actor=chair, item=three(meeting)[1])

    assert titles(meeting) == ["1 a", "2 c"]


def test_an_item_that_was_removed_meanwhile_is_neither_moved_nor_changed(chair, meeting):
    item = three(meeting)[1]
    actions.remove_agenda_item(actor=chair, item=AgendaItem.objects.get(pk=item.pk))

    for act in (
        lambda: actions.move_agenda_item(actor=chair, item=item, places=1),
        lambda: actions.remove_agenda_item(actor=chair, item=item),
        lambda: actions.change_agenda_item(actor=chair, item=item, title="x", goal="inform"),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_changed_item_keeps_its_place(chair, meeting, member):
    item = three(meeting)[0]

    actions.change_agenda_item(
        actor=chair, item=item, title="A", goal="decide", minutes=10, presenter=member, text="Why"
    )

    item.refresh_from_db()
    assert (item.position, item.title, item.goal) == (1, "A", "decide")
    assert (item.minutes, item.presenter, item.source) == (10, member, "Why")


def test_posting_tells_the_group_once_for_each_state_of_the_agenda(chair, meeting):
    three(meeting)

    actions.post_agenda(actor=chair, meeting=meeting)
    actions.post_agenda(actor=chair, meeting=meeting)

    meeting.refresh_from_db()
    assert meeting.agenda_posted_at is not None
    assert [event.kind for event in Event.objects.all()] == ["agenda_posted", "agenda_posted"]


def test_an_empty_agenda_is_not_posted(chair, meeting):
    with pytest.raises(WrongState):
        actions.post_agenda(actor=chair, meeting=meeting)


def test_the_agenda_of_a_past_meeting_is_not_posted(chair, group):
    meeting = factories.past_meeting(group)
    three(meeting)

    with pytest.raises(WrongState):
        actions.post_agenda(actor=chair, meeting=meeting)


def test_an_agenda_has_a_longest_length(chair, meeting):
    for number in range(AGENDA_MAX_ITEMS):
        factories.agenda_item(meeting, f"Item {number}")

    with pytest.raises(Invalid):
        actions.add_agenda_item(actor=chair, meeting=meeting, title="One more")


def test_members_read_the_agenda_and_do_not_write_it(member, meeting):
    item = factories.agenda_item(meeting)

    for act in (
        lambda: actions.add_agenda_item(actor=member, meeting=meeting, title="x"),
        lambda: actions.remove_agenda_item(actor=member, item=item),
        lambda: actions.post_agenda(actor=member, meeting=meeting),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_description_is_markdown(client_of, chair, member, meeting):
    actions.add_agenda_item(
        actor=chair, meeting=meeting, title="Draft", text="See [it](https://a.example/)\n\n- *soon*"
    )

    page = client_of(member).get(meeting.get_absolute_url()).content.decode()

    assert '<a href="https://a.example/"' in page
    assert "<em>soon</em>" in page


def test_a_description_shows_the_pictures_of_its_meeting(client_of, chair, member, meeting):
    actions.add_agenda_item(actor=chair, meeting=meeting, title="Draft", text="![Plan](plan.png)")

    page = client_of(member).get(meeting.get_absolute_url()).content.decode()

    assert "Plan" in page
    assert "data-file" not in page


@pytest.mark.parametrize("text", ["x" * (AGENDA_TEXT_MAX_CHARACTERS + 1), "> " * 200 + "x"])
def test_a_description_that_cannot_be_shown_is_refused_at_its_field(chair, meeting, text):
    with pytest.raises(Invalid) as refused:
        actions.add_agenda_item(actor=chair, meeting=meeting, title="Draft", text=text)

    assert refused.value.field == "text"
