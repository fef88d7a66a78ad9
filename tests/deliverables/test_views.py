"""The pages of a deliverable, as its people open them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from members.people.choosing import LISTED_MAX
from tests import factories
from tests.browser import queries_of
from tests.factories.works import approved, attach, deliverable, in_review, publication
from workinggroups.deliverables import actions
from workinggroups.deliverables.models import Deliverable, Publication, ReviewComment
from workinggroups.deliverables.queries import editor_ids, last_revision


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def url(group, rest=""):
    return f"/groups/{group.slug}/deliverables/{rest}"


def result(**more):
    return {
        "method": "consensus",
        "votes_for": "",
        "votes_against": "",
        "abstentions": "",
        "unit": "organizations",
        "dissent": "",
        "decided_on": timezone.now().date().isoformat(),
        "meeting": "",
        **more,
    }


def test_the_whole_way_by_its_pages(client_of, chair, member, group):
    editor, lead = client_of(member), client_of(chair)
    editor.post(
        url(group, "new/"),
        {"title": "Stack", "kind": "S", "summary": "One form.", "licence": "CC-BY-4.0"},
    )
    editor.post(url(group, "1/text/"), {"source": "# Scope\n\nWho pays.", "version": "1"})
    upload = SimpleUploadedFile("data.csv", b"a,b\n1,2\n", "text/csv")
    editor.post(url(group, "1/files/"), {"file": upload})
    until = (timezone.now().date() + timedelta(days=7)).isoformat()
    lead.post(url(group, "1/review/"), {"until": until, "reviewers": "group"})
    lead.post(url(group, "1/comments/"), {"quote": "Who pays", "source": "Say it twice."})
    comment = ReviewComment.objects.get()
    answer = {"disposition": "accepted", "answer": "We do."}
    editor.post(url(group, f"1/comments/{comment.uuid}/answer/"), answer)
    lead.post(url(group, f"1/comments/{comment.uuid}/settled/"), {"settled": "yes"})
    early = {"early_until": until, "early_reason": "All seven labs have answered."}
    lead.post(url(group, "1/approve/"), result(dissent="One lab would rather wait.", **early))
    lead.post(url(group, "1/publish/"), {"number": "1.0", "changes": ""})

    published = Publication.objects.get()
    assert (published.identifier, published.number) == ("AS-1", "1.0")
    assert published.revision.files.get().name == "data.csv"
    assert published.approval.dissent == "One lab would rather wait."


PAGES = (
    "",
    "1/",
    "1/revisions/1/",
    "1/people/",
    "1/details/",
    "1/authors/",
    "1/text/",
    "1/files/",
    "1/review/",
)


@pytest.mark.parametrize("rest", PAGES)
def test_the_pages_of_a_draft_open_for_the_chair(client_of, chair, group, rest):
    attach(chair, deliverable(chair, group))

    assert client_of(chair).get(url(group, rest)).status_code == 200


@pytest.mark.parametrize("rest", [*PAGES, "new/", "1/approve/", "1/publish/", "1/changes/"])
def test_for_somebody_from_another_group_there_is_nothing(client_of, chair, outsider, group, rest):
    deliverable(chair, group)
    client = client_of(outsider)

    hidden, missing = (
        client.get(url(group, rest)),
        client.get(f"/groups/nowhere/deliverables/{rest}"),
    )

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_a_former_member_finds_neither_text_nor_file(client_of, chair, member, group):
    work = deliverable(chair, group)
    attach(chair, work)
    client = client_of(member)
    path = url(group, "1/revisions/1/files/data.csv")
    assert b"".join(client.get(path).streaming_content) == b"a,b\n1,2\n"

    member.participations.all().delete()

    assert client.get(path).status_code == 404
    assert client.get(url(group, "1/")).status_code == 404


@pytest.mark.parametrize(
    "rest", ["1/details/", "1/authors/", "1/text/", "1/files/", "1/review/", "1/publish/"]
)
def test_a_member_who_does_not_edit_is_told_who_does(client_of, chair, member, group, rest):
    deliverable(chair, group)

    response = client_of(member).get(url(group, rest))

    assert response.status_code == 403
    assert "chairs" in response.content.decode()


def test_two_who_save_at_once_both_keep_their_words(client_of, chair, member, group):
    work = deliverable(chair, group)
    actions.name_editor(actor=chair, deliverable=work, person=member)
    opened = last_revision(work).version
    client_of(chair).post(url(group, "1/text/"), {"source": "The chair's words", "version": opened})

    response = client_of(member).post(
        url(group, "1/text/"),
        {"source": "The member's words", "changes": "Mine", "version": opened},
    )

    assert response.status_code == 409
    page = response.content.decode()
    assert "The chair&#x27;s words" in page
    assert "The member&#x27;s words" in page
    again = response.context["form"].initial
    client_of(member).post(url(group, "1/text/"), again)
    assert last_revision(work).source == "The member's words"


def test_a_text_that_cannot_be_shown_is_given_back(client_of, chair, group):
    deliverable(chair, group)

    response = client_of(chair).post(
        url(group, "1/text/"), {"source": "# H\n" * 5_001, "version": "2"}
    )

    assert response.status_code == 422
    assert "source" in response.context["form"].errors


@pytest.mark.parametrize(
    ("version", "status"), [("", 422), ("0", 422), ("x", 422), ("9" * 30, 409)]
)
def test_a_text_without_the_version_it_began_from_is_not_saved(
    client_of, chair, group, version, status
):
    work = deliverable(chair, group)

    response = client_of(chair).post(url(group, "1/text/"), {"source": "Other", "version": version})

    assert response.status_code == status
    assert last_revision(work).source != "Other"


def test_two_revisions_are_compared_word_by_word(client_of, chair, group):
    work = deliverable(chair, group, text="One person is enough.")
    actions.seal(actor=chair, deliverable=work)
    actions.revise(actor=chair, deliverable=work)
    actions.save_text(actor=chair, deliverable=work, version=1, source="Two people are enough.")

    page = client_of(chair).get(url(group, "1/revisions/2/?with=1")).content.decode()

    assert "<del>" in page
    assert "Two people are" in page


@pytest.mark.parametrize("other", ["2", "9", "x", "-1", "9" * 40, "%00"])
def test_what_cannot_be_compared_shows_the_text(client_of, chair, group, other):
    deliverable(chair, group)

    response = client_of(chair).get(url(group, f"1/revisions/1/?with={other}"))

    assert response.status_code in {200, 400}
    assert "<del>" not in response.content.decode()


def test_a_guest_reads_and_comments_in_a_review_for_the_alliance(client_of, chair, outsider, group):
    in_review(chair, group, reviewers="alliance")
    client = client_of(outsider)

    assert client.get(url(group, "1/")).status_code == 200
    assert client.get(url(group)).status_code == 404
    client.post(url(group, "1/comments/"), {"quote": "", "source": "A guest's word."})

    assert ReviewComment.objects.get().author == outsider


def test_an_empty_comment_is_refused_beside_the_text(client_of, chair, member, group):
    in_review(chair, group)

    response = client_of(member).post(url(group, "1/comments/"), {"quote": "a record"})

    assert response.status_code == 422
    assert "a record" in response.content.decode()


def test_a_comment_of_another_deliverable_is_not_there(client_of, chair, group):
    in_review(chair, group)
    other = in_review(chair, group, title="Other")
    comment = actions.add_comment(actor=chair, deliverable=other, source="Here.")

    path = url(group, f"1/comments/{comment.uuid}/answer/")

    assert client_of(chair).get(path).status_code == 404


def test_an_approval_that_does_not_carry_says_so(client_of, chair, group):
    in_review(chair, group)

    response = client_of(chair).post(
        url(group, "1/approve/"), result(method="majority", votes_for="2", votes_against="2")
    )

    assert response.status_code == 422
    assert "is not a majority" in response.content.decode()


def test_publishing_asks_for_a_recent_sign_in(client_of, chair, group):
    approved(chair, group)

    response = client_of(chair, recent=False).post(url(group, "1/publish/"), {"number": "1.0"})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/confirm/")
    assert not Publication.objects.exists()


def test_publishing_a_draft_says_what_is_missing(client_of, chair, group):
    deliverable(chair, group)

    response = client_of(chair).get(url(group, "1/publish/"))

    assert response.status_code == 409
    assert "Its last revision must be approved first" in response.content.decode()


def test_an_editor_is_named_and_released_by_page(client_of, chair, member, group):
    work = deliverable(chair, group)
    client = client_of(chair)

    client.post(url(group, "1/people/"), {"person": str(member.uuid)})
    assert member.pk in editor_ids(work)

    client.post(url(group, f"1/people/{member.uuid}/release/"))
    assert member.pk not in editor_ids(work)


def test_authors_are_ordered_by_their_numbers(client_of, chair, member, group):
    work = deliverable(chair, group)

    client_of(chair).post(
        url(group, "1/authors/"), {f"place-{chair.uuid}": "7", f"place-{member.uuid}": "2"}
    )

    assert [item.person for item in work.authorships.all()] == [member, chair]


def test_in_a_large_group_an_author_is_looked_up_by_a_part_of_the_name(
    client_of, chair, group, organization
):
    work = deliverable(chair, group)
    for number in range(LISTED_MAX + 1):
        factories.seat(group, factories.member_of(organization, f"Person {number:03}"))
    zoe = factories.member_of(organization, "Zoë Øst")
    factories.seat(group, zoe)
    client = client_of(chair)
    page = client.get(url(group, "1/authors/")).text
    assert page.count('class="author-position"') == 1
    assert "Type part of the name." in page

    answer = client.post(url(group, "1/authors/"), {f"place-{chair.uuid}": "1", "another": "zoe"})

    assert answer.url == url(group, "1/authors/")
    assert [item.person for item in work.authorships.all()] == [chair, zoe]


def test_the_list_asks_as_often_for_20_rows_as_for_2(client_of, chair, group):
    client = client_of(chair)
    for place in range(2):
        deliverable(chair, group, f"Work {place}", text="")
    few = queries_of(client, url(group))

    for place in range(18):
        deliverable(chair, group, f"More {place}", text="")

    assert queries_of(client, url(group)) == few <= 15


def test_the_review_page_asks_as_often_for_20_comments_as_for_2(client_of, chair, member, group):
    work = in_review(chair, group)
    client = client_of(member)
    for place in range(2):
        actions.add_comment(actor=member, deliverable=work, source=f"Comment {place}")
    few = queries_of(client, url(group, "1/"))

    for place in range(18):
        actions.add_comment(actor=member, deliverable=work, source=f"More {place}")

    assert queries_of(client, url(group, "1/")) == few <= 17


def test_names_and_words_of_people_are_escaped(client_of, chair, group, organization):
    evil = factories.member_of(organization, "<b>Eve</b>")
    factories.seat(group, evil)
    work = in_review(chair, group, title="<script>t</script>", summary="<img src=s onerror=x>")
    actions.add_comment(actor=evil, deliverable=work, source="<script>c</script>", quote="<i>q</i>")

    page = client_of(chair).get(url(group, "1/")).content.decode()

    for markup in ("<script>t", "<script>c", "<img src=s", "<b>Eve", "<i>q"):
        assert markup not in page


def test_steps_of_one_click_answer_posts_only(client_of, chair, group):
    deliverable(chair, group)
    client = client_of(chair)

    for verb in ("seal", "revise", "drop", "resume", "comments"):
        assert client.get(url(group, f"1/{verb}/")).status_code == 405


def test_a_dropped_work_leaves_the_list(client_of, chair, group):
    deliverable(chair, group, "Gone by now")
    client = client_of(chair)
    client.post(url(group, "1/drop/"))

    assert Deliverable.objects.get().state == "dropped"
    assert "Gone by now" not in client.get(url(group)).content.decode()
    assert "Gone by now" in client.get(url(group) + "?show=all").content.decode()


def test_a_published_work_shows_where_it_stands(client_of, chair, group):
    publication(chair, group)

    assert "/catalogue/AS-1/" in client_of(chair).get(url(group, "1/")).content.decode()


def test_the_text_is_not_called_optional_though_it_can_be_saved_empty(client_of, chair, group):
    deliverable(chair, group, text="")

    page = client_of(chair).get(url(group, "1/text/")).text

    label = page[page.index('<label for="id_source"') :].partition("</label>")[0]
    assert "optional" not in label
    assert "A review needs a text or a file." in page
