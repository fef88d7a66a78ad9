"""Papers of agenda items: who sees them, how they are added, and where they were discussed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from tests.factories import works
from tests.factories.files import attached
from workinggroups.deliverables.models import Deliverable
from workinggroups.deliverables.queries import last_revision
from workinggroups.groups.models import Group
from workinggroups.meetings import actions
from workinggroups.meetings.choices import DISCUSSED_SHOWN, PAPERS_MAX
from workinggroups.meetings.minutes_content import minutes_content
from workinggroups.meetings.minutes_pdf import minutes_document
from workinggroups.meetings.models import AgendaItem, Meeting, Paper
from workinggroups.meetings.papers import discussed, find_objects, papers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return factories.meeting(group)


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    return factories.agenda_item(meeting, "The draft")


@pytest.fixture
def work(chair: Person, group: Group) -> Deliverable:
    return works.deliverable(chair, group, title="Evaluation Stack")


@pytest.fixture
def secret(chair: Person, outsider: Person) -> Deliverable:
    """Of a group in which of the cast only `chair` and `outsider` are."""
    closed = factories.group("Closed Group", preset="closed", chair=outsider)
    factories.seat(closed, chair)
    return works.deliverable(outsider, closed, title="Secret Plan")


def add(actor: Person, item: AgendaItem, obj: Any, kind: str = "deliverable") -> Paper:
    return actions.add_paper(actor=actor, item=item, ref=(kind, obj.uuid))


def shown_to(person: Person, item: AgendaItem) -> list[tuple[str, str]]:
    papers = papers_of([item], viewer_for(person.pk)).get(item.uuid, ())
    return [(paper.kind, paper.title) for paper in papers]


def address_of(item: AgendaItem, route: str = "agenda-item-papers", *more: object) -> str:
    meeting = item.meeting
    return reverse(route, args=[meeting.group.slug, meeting.address, item.uuid, *more])


# --- reading -------------------------------------------------------------------------------------


def test_an_item_shows_its_papers_with_kind_and_title(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    group: Group,
    item: AgendaItem,
    work: Deliverable,
) -> None:
    decision = works.decision(chair, group, title="Meet on Tuesdays")
    add(chair, item, work)
    add(chair, item, last_revision(work), "revision")
    add(chair, item, decision, "decision")
    actions.add_web_paper(actor=chair, item=item, url="https://a.example/x", title="The law")

    assert shown_to(member, item) == [
        ("Deliverable", "Evaluation Stack"),
        ("Revision", "Evaluation Stack, revision 1"),
        ("Decision", "D-1 Meet on Tuesdays"),
        ("Web page", "The law"),
    ]
    for route in ("meeting", "meeting-agenda"):
        address = reverse(route, args=[group.slug, item.meeting.address])
        page = client_of(member).get(address).content.decode()
        assert f'Deliverable: <a href="{work.get_absolute_url()}">Evaluation Stack</a>' in page
        assert 'Web page: <a href="https://a.example/x">The law</a>' in page


def test_a_paper_that_the_reader_cannot_see_is_not_there(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    item: AgendaItem,
    work: Deliverable,
    secret: Deliverable,
) -> None:
    add(chair, item, secret)
    add(chair, item, work)

    assert shown_to(chair, item) == [
        ("Deliverable", "Secret Plan"),
        ("Deliverable", "Evaluation Stack"),
    ]
    assert shown_to(member, item) == [("Deliverable", "Evaluation Stack")]
    page = client_of(member).get(item.meeting.get_absolute_url()).content.decode()
    assert "Secret Plan" not in page
    assert str(secret.uuid) not in page


def test_files_of_an_item_are_shown_with_its_papers(
    client_of: Callable[..., Client], chair: Person, member: Person, item: AgendaItem
) -> None:
    attached(chair, "agenda_item", item.uuid, "plan.txt", b"The plan.")

    page = client_of(member).get(item.meeting.get_absolute_url()).content.decode()

    assert "File: <a href=" in page
    assert ">plan.txt</a>" in page


def test_the_api_shows_the_papers_that_the_caller_can_see(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    item: AgendaItem,
    work: Deliverable,
    secret: Deliverable,
) -> None:
    add(chair, item, secret)
    add(chair, item, work)

    answer = client_of(member).get(f"/api/v1/meetings/{item.meeting.uuid}/agenda/").json()

    assert answer["results"][0]["papers"] == [
        {
            "kind": "Deliverable",
            "title": "Evaluation Stack",
            "url": f"{settings.SITE_URL}{work.get_absolute_url()}",
        }
    ]


def test_print_and_pdf_name_what_all_readers_of_the_meeting_can_read(
    client_of: Callable[..., Client],
    chair: Person,
    group: Group,
    work: Deliverable,
    secret: Deliverable,
) -> None:
    past = factories.past_meeting(group)
    item = factories.agenda_item(past, "The draft")
    add(chair, item, secret)
    add(chair, item, work)
    actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="The law")
    line = "Papers: Evaluation Stack (Deliverable); The law (https://a.example/)"

    page = client_of(chair).get(reverse("minutes-print", args=[group.slug, past.address]))

    assert line in page.content.decode()
    assert line in str(minutes_document(minutes_content(past)).blocks)


def test_the_agenda_costs_the_same_with_many_papers(
    client_of: Callable[..., Client],
    chair: Person,
    member: Person,
    group: Group,
    item: AgendaItem,
    work: Deliverable,
) -> None:
    def papers(of: AgendaItem, count: int) -> None:
        for number in range(count):
            add(chair, of, works.deliverable(chair, group, title=f"Work {number}"))
            add(chair, of, works.decision(chair, group), "decision")

    client, address = client_of(member), item.meeting.get_absolute_url()
    papers(item, 1)
    few = queries_of(client, address)
    for number in range(3):
        papers(factories.agenda_item(item.meeting, f"More {number}"), 2)

    assert queries_of(client, address) == few


# --- adding and removing -------------------------------------------------------------------------


def test_an_object_is_a_paper_of_an_item_once(
    chair: Person, item: AgendaItem, work: Deliverable
) -> None:
    assert add(chair, item, work) == add(chair, item, work)

    actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="The law")
    with pytest.raises(Invalid) as refused:
        actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="Again")
    assert refused.value.field == "url"


def test_what_the_officer_cannot_see_answers_like_what_does_not_exist(
    co_chair: Person, item: AgendaItem, secret: Deliverable
) -> None:
    messages = []
    for ref in (("deliverable", secret.uuid), ("deliverable", item.uuid), ("person", item.uuid)):
        with pytest.raises(Invalid) as refused:
            actions.add_paper(actor=co_chair, item=item, ref=ref)
        messages.append(refused.value.message)

    assert len(set(messages)) == 1
    assert Paper.objects.count() == 0


def test_an_item_has_a_largest_number_of_papers(chair: Person, item: AgendaItem) -> None:
    for number in range(PAPERS_MAX):
        url = f"https://a.example/{number}"
        actions.add_web_paper(actor=chair, item=item, url=url, title="Page")

    with pytest.raises(Invalid):
        actions.add_web_paper(actor=chair, item=item, url="https://b.example/", title="One more")


def test_papers_that_an_officer_cannot_see_do_not_count_against_their_own(
    chair: Person, secretary: Person, item: AgendaItem, outsider: Person, secret: Deliverable
) -> None:
    add(chair, item, secret)
    for number in range(PAPERS_MAX - 1):
        factories.paper(
            item,
            f"Law {number}",
        )

    with pytest.raises(Invalid):
        actions.add_web_paper(actor=chair, item=item, url="https://a.example/x", title="More")
    actions.add_web_paper(actor=secretary, item=item, url="https://a.example/x", title="More")

    assert len(shown_to(secretary, item)) == PAPERS_MAX
    with pytest.raises(Invalid):
        actions.add_web_paper(actor=secretary, item=item, url="https://a.example/y", title="More")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/x",
        "https://bank.example@evil.example/",
        "https://name:word@a.example/",
        "https://a.example\\@evil.example/",
        "https://a.example/\u202efdp.exe",
        "https://a\u202e.example/",
        "https://[::1",
    ],
)
def test_an_address_that_leads_elsewhere_than_it_seems_is_refused_with_what_was_typed(
    client_of: Callable[..., Client], chair: Person, item: AgendaItem, url: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_web_paper(actor=chair, item=item, url=url, title="The law")
    assert refused.value.field == "url"
    page = client_of(chair).post(address_of(item), {"title": "The law", "url": url})

    assert page.status_code == 422
    assert page.context["form"]["title"].value() == "The law"
    assert page.context["form"]["url"].value() == url
    assert not item.papers.exists()


def test_papers_move_among_those_that_the_officer_sees(
    chair: Person, co_chair: Person, item: AgendaItem, work: Deliverable, secret: Deliverable
) -> None:
    first = add(chair, item, work)
    add(chair, item, secret)
    last = actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="Law")

    actions.move_paper(actor=co_chair, paper=last, places=-1)
    assert item.papers.all()[0] == last

    actions.move_paper(actor=chair, paper=first, places=1)
    assert [title for _kind, title in shown_to(chair, item)] == [
        "Law",
        "Secret Plan",
        "Evaluation Stack",
    ]


def test_a_removed_paper_leaves_no_gap_and_the_object_stays(
    chair: Person, item: AgendaItem, work: Deliverable
) -> None:
    first = add(chair, item, work)
    actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="Law")

    actions.remove_paper(actor=chair, paper=first)

    assert [paper.position for paper in item.papers.all()] == [1]
    assert Deliverable.objects.filter(pk=work.pk).exists()
    with pytest.raises(WrongState):
        actions.remove_paper(actor=chair, paper=first)


def test_a_removed_item_takes_its_papers_along(
    chair: Person, item: AgendaItem, work: Deliverable
) -> None:
    add(chair, item, work)

    actions.remove_agenda_item(actor=chair, item=item)

    assert Paper.objects.count() == 0


def test_members_write_no_papers(
    member: Person, chair: Person, item: AgendaItem, work: Deliverable
) -> None:
    paper = add(chair, item, work)

    for act in (
        lambda: add(member, item, work),
        lambda: actions.add_web_paper(actor=member, item=item, url="https://a.example/", title="x"),
        lambda: actions.move_paper(actor=member, paper=paper, places=1),
        lambda: actions.remove_paper(actor=member, paper=paper),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_papers_of_approved_minutes_stand(chair: Person, group: Group, work: Deliverable) -> None:
    past = factories.past_meeting(group)
    item = factories.agenda_item(past)
    other = factories.agenda_item(factories.meeting(group))
    paper = add(chair, item, work)
    elsewhere = add(chair, other, work)
    factories.approve_minutes(past)

    with pytest.raises(WrongState):
        actions.add_web_paper(actor=chair, item=item, url="https://a.example/", title="Law")
    with pytest.raises(WrongState):
        actions.remove_paper(actor=chair, paper=paper)
    for act in (
        lambda: Paper.objects.filter(pk=paper.pk).update(position=2),
        lambda: Paper.objects.filter(pk=paper.pk).update(item=other),
        lambda: Paper.objects.filter(pk=paper.pk).delete(),
        lambda: Paper.objects.filter(pk=elsewhere.pk).update(item=item),
        lambda: Paper.objects.create(
            item=item, position=2, url="https://a.example/", title="x", added_by=chair
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    Paper.objects.filter(pk=elsewhere.pk).delete()


# --- looking for objects -------------------------------------------------------------------------


def test_objects_are_found_by_words_and_by_address(
    chair: Person, co_chair: Person, group: Group, work: Deliverable, secret: Deliverable
) -> None:
    works.decision(chair, group, title="Stack of rules")
    revision = last_revision(work)

    def found(person: Person, words: str) -> list[str]:
        return [one.title for one in find_objects(viewer_for(person.pk), group, words)]

    assert set(found(chair, "")) == {"Evaluation Stack", "D-1 Stack of rules"}
    assert set(found(chair, "stack")) == {"Evaluation Stack", "D-1 Stack of rules"}
    assert found(chair, "plan") == ["Secret Plan"]
    assert found(co_chair, "plan") == []
    assert found(chair, revision.get_absolute_url()) == ["Evaluation Stack, revision 1"]
    whole = f"{settings.SITE_URL}{work.get_absolute_url()}#comments"
    assert found(chair, whole) == ["Evaluation Stack"]
    assert found(chair, secret.get_absolute_url()) == ["Secret Plan"]
    assert found(co_chair, secret.get_absolute_url()) == []
    assert found(co_chair, "/no/such/page/") == []
    assert found(co_chair, "http://[bad") == []


def test_officers_add_papers_on_the_page_of_the_item(
    client_of: Callable[..., Client], chair: Person, item: AgendaItem, work: Deliverable
) -> None:
    client, address = client_of(chair), address_of(item)

    assert f"deliverable:{work.uuid}" in client.get(address, {"q": "stack"}).content.decode()
    client.post(address, {"object": f"deliverable:{work.uuid}"})
    client.post(address, {"title": "The law", "url": "a.example/x"})

    page = client.get(address).content.decode()
    assert f"deliverable:{work.uuid}" not in page
    assert shown_to(chair, item) == [("Deliverable", "Evaluation Stack"), ("Web page", "The law")]
    first, second = item.papers.all()
    client.post(address_of(item, "agenda-paper-move", second.uuid), {"direction": "up"})
    client.post(address_of(item, "agenda-paper-remove", first.uuid))
    assert shown_to(chair, item) == [("Web page", "The law")]


@pytest.mark.parametrize(
    "data",
    [
        {"title": "The law", "url": "javascript:alert(1)"},
        {"title": "The law", "url": ""},
        {"title": "", "url": "https://a.example/"},
        {"object": "deliverable:nonsense"},
        {"object": "person:0190b9a0-0000-7000-8000-000000000000"},
        {"object": "deliverable:0190b9a0-0000-7000-8000-000000000000"},
    ],
)
def test_bad_input_is_shown_with_a_message(
    client_of: Callable[..., Client], chair: Person, item: AgendaItem, data: dict[str, str]
) -> None:
    answer = client_of(chair).post(address_of(item), data)

    assert answer.status_code == 422
    assert Paper.objects.count() == 0
    if data.get("title"):
        assert 'value="The law"' in answer.content.decode()


def test_a_hidden_paper_is_not_moved_or_removed(
    client_of: Callable[..., Client],
    chair: Person,
    co_chair: Person,
    item: AgendaItem,
    secret: Deliverable,
) -> None:
    paper = add(chair, item, secret)
    client = client_of(co_chair)

    for route in ("agenda-paper-move", "agenda-paper-remove"):
        hidden = client.post(address_of(item, route, paper.uuid), {"direction": "up"})
        missing = client.post(address_of(item, route, item.uuid), {"direction": "up"})
        assert hidden.status_code == missing.status_code == 404
    assert item.papers.count() == 1


# --- discussed at --------------------------------------------------------------------------------


def test_the_page_of_a_paper_lists_its_latest_meetings(
    client_of: Callable[..., Client], chair: Person, group: Group, work: Deliverable
) -> None:
    now = timezone.now()
    for number in range(DISCUSSED_SHOWN + 2):
        meeting = factories.past_meeting(
            group, f"Call {number}", starts_at=now - timedelta(days=number + 1)
        )
        for title in ("Draft", "Draft again"):
            of = last_revision(work) if title == "Draft again" else work
            kind = "revision" if title == "Draft again" else "deliverable"
            add(chair, factories.agenda_item(meeting, title), of, kind)
    client = client_of(chair)

    page = client.get(work.get_absolute_url()).content.decode()
    everything = client.get(reverse("deliverable-meetings", args=[group.slug, work.number]))

    names = [f"Call {number}" for number in range(DISCUSSED_SHOWN)]
    assert [name for name in names if page.count(f">{name}<") == 1] == names
    assert page.index("Call 0") < page.index("Call 1")
    assert f"Call {DISCUSSED_SHOWN}" not in page
    assert "All meetings" in page
    assert everything.content.decode().count(">Call ") == DISCUSSED_SHOWN + 2


def test_the_list_of_all_goes_on_where_a_page_ends(
    chair: Person, group: Group, work: Deliverable
) -> None:
    now, viewer = timezone.now(), viewer_for(chair.pk)
    for number in range(3):
        meeting = factories.past_meeting(
            group, f"Call {number}", starts_at=now - timedelta(days=number + 1)
        )
        add(chair, factories.agenda_item(meeting), work)
    refs = [("deliverable", work.uuid)]

    first = discussed(refs, viewer, size=2)
    second = discussed(refs, viewer, size=2, before=first.older)

    assert [one.title for one in first.meetings] == ["Call 0", "Call 1"]
    assert [one.title for one in second.meetings] == ["Call 2"]
    assert second.older == ""
    assert discussed(refs, viewer, size=2, before="nonsense") == first


def test_meetings_that_the_reader_cannot_see_are_not_listed(
    client_of: Callable[..., Client], chair: Person, member: Person, group: Group
) -> None:
    closed = factories.group("Closed Group", preset="closed", chair=chair)
    decision = works.decision(chair, group)
    item = factories.agenda_item(factories.meeting(closed, "Secret call"))
    add(chair, item, decision, "decision")

    for address in (
        decision.get_absolute_url(),
        reverse("decision-meetings", args=[group.slug, decision.number]),
    ):
        assert "Secret call" in client_of(chair).get(address).content.decode()
        page = client_of(member).get(address).content.decode()
        assert "Secret call" not in page
    assert "Discussed at" not in client_of(member).get(decision.get_absolute_url()).content.decode()
