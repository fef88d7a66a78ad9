"""Files on meetings, agenda items, topics and decisions: who adds them, until when, who sees them."""

import re
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from common.access import viewer_for
from common.errors import Invalid, NotAllowed, WrongState
from common.files.models import StoredFile
from common.identifiers import new_uuid
from common.record.models import Record
from tests import factories
from tests.factories.files import FIGURE, attached, png, ready
from tests.factories.works import attach, decision, deliverable, publication
from workinggroups.attachments import actions
from workinggroups.attachments.models import Attachment
from workinggroups.attachments.places import find_place
from workinggroups.decisions.actions import record_decision
from workinggroups.decisions.models import Decision
from workinggroups.deliverables import actions as deliverables
from workinggroups.deliverables import checksums
from workinggroups.deliverables.models import Revision
from workinggroups.discussion import actions as discussion
from workinggroups.meetings import actions as meetings
from workinggroups.meetings.models import NotesRevision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def show_figure(model: Any) -> None:
    """Every text of the model shows the figure, as the renderer stores it, also where sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {model._meta.db_table} SET html = %s", [FIGURE])
        cursor.execute("SET LOCAL session_replication_role = origin")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


NAMES = [
    "100%.csv",
    "%FF%00.csv",
    "a%2Fb.csv",
    "图 1 “final”.csv",
    "it's; a=b & c,d #1.csv",
    "..hidden.csv",
    "e\u0301te\u0301.csv",
    "ملف\u202e.csv",
    "CON.csv",
    "ᬓᬵ" * 40 + ".csv",
    "😀+~!$().csv",
    "text.md",
]


def test_every_name_can_be_fetched_checked_and_removed(chair, group, client_of):
    client = client_of(chair)
    meeting = factories.meeting(group)
    url = f"/groups/{group.slug}/attachments/meeting/{meeting.uuid}/"

    for name in NAMES:
        sent = client.post(url, {"file": SimpleUploadedFile(name, name.encode())})
        assert sent.status_code == 302, name

    page = client.get(url).content.decode()
    kept = list(Attachment.objects.order_by("pk"))
    assert len(kept) == len(NAMES)
    for name, file in zip(NAMES, kept, strict=True):
        assert escape(file.get_absolute_url()) in page
        response = client.get(file.get_absolute_url())
        assert body(response) == name.encode()
        assert saved_as(response["Content-Disposition"]) == {file.name}
        assert client.post(file.get_removal_url()).status_code == 302, name
    assert not Attachment.objects.present().exists()


def saved_as(header: str) -> set[str]:
    """The names under which a browser, and a program that reads `filename` alone, save it."""
    found = re.fullmatch(r'attachment; filename="(.*?)"(?:; filename\*=UTF-8\'\'(\S+))?', header)
    assert found is not None, header
    plain = found[1].encode("latin-1").decode()
    return {plain, unquote(found[2]) if found[2] else plain}


def test_every_name_of_a_revision_stands_in_its_list_of_checksums(chair, group, client_of):
    work = deliverable(chair, group)
    client = client_of(chair)
    names = [name for name in NAMES if name != "text.md"]
    for name in names:
        attach(chair, work, name, name.encode())
    revision = Revision.objects.get()

    lines = checksums.manifest(revision.source, revision.files.select_related("stored"))

    for line, file in zip(lines.splitlines()[1:], revision.files.all(), strict=True):
        digest, _two, name = line.partition("  ")
        url = f"/groups/{group.slug}/deliverables/{work.number}/revisions/1/files/"
        response = client.get(url + quote(name, safe=""))
        assert sha256(body(response)).hexdigest() == digest
        assert saved_as(response["Content-Disposition"]) == {name} == {file.name}


def test_odd_names_are_escaped_as_sha256sum_escapes_them():
    assert checksums.line_of("00", "a.csv") == "00  a.csv\n"
    assert checksums.line_of("00", "a\\b\nc") == "\\00  a\\\\b\\nc\n"


@pytest.mark.parametrize("second", ["data.csv", "DATA.csv", "Data.CSV"])
def test_names_that_differ_in_case_alone_are_one_name(chair, group, second):
    work = deliverable(chair, group)
    attach(chair, work, "data.csv")

    with pytest.raises(Invalid, match=r"already a file named data\.csv"):
        attach(chair, work, second)


def test_no_file_of_a_text_is_called_as_the_text_is(chair, group):
    work = deliverable(chair, group)

    with pytest.raises(Invalid, match="Rename this file"):
        attach(chair, work, "Text.md", b"other words")


def test_picture_is_shown_on_every_page_of_a_text(chair, group, client_of, client):
    work = deliverable(chair, group)
    attach(chair, work, "figure.png", png())
    show_figure(Revision)
    ready(StoredFile.objects.get())
    base = f"/groups/{group.slug}/deliverables/{work.number}/"
    own = client_of(chair)
    deliverables.seal(actor=chair, deliverable=work)
    deliverables.revise(actor=chair, deliverable=work)

    for page in ("", "revisions/1/", "revisions/2/?with=1"):
        content = own.get(base + page).content.decode()
        sources = re.findall(r'<img class="figure" src="([^"]+)"', content)
        assert sources, page
        assert body(own.get(sources[0])).startswith(b"\x89PNG")
        assert client.get(sources[0]).status_code == 302
        assert "data-file" not in content


def test_published_picture_is_for_everybody_and_may_be_kept(chair, group, client):
    work = publication(chair, group, files={"figure.png": png()})
    show_figure(Revision)
    url = f"/catalogue/{work.identifier}/{work.number}/"

    waiting = client.get(url)
    ready(StoredFile.objects.get())
    shown = client.get(url)
    text = client.get(url + "text/")

    assert "this picture is being prepared" in waiting.content.decode()
    assert waiting["ETag"] != shown["ETag"]
    picture = client.get(url + "figures/figure.png")
    assert picture["Cache-Control"] == "public, max-age=300"
    assert body(picture).startswith(b"\x89PNG")
    for page in (shown, text):
        assert f'src="{url}figures/figure.png"' in page.content.decode()
        assert "<figcaption>Results</figcaption>" in page.content.decode()


def test_picture_of_a_meeting_is_shown_in_its_notes(chair, member, group, client_of):
    meeting = factories.past_meeting(group)
    factories.notes(meeting, author=chair)
    NotesRevision.objects.update(html=FIGURE)
    attached(member, "meeting", meeting.uuid)

    for page in ("", "notes/history/1/"):
        content = client_of(member).get(meeting.get_absolute_url() + page).content.decode()
        assert "/figures/figure.png" in content, page
    answer = client_of(member).get(f"/api/v1/meetings/{meeting.uuid}/notes/").json()
    assert 'src="http' in answer["html"]


def test_picture_of_a_topic_is_shown_in_its_posts(member, group, client_of):
    topic = discussion.start_topic(actor=member, group=group, title="Plan", source="x", level=2)
    topic.posts.update(html=FIGURE)
    attached(member, "topic", topic.uuid)

    content = client_of(member).get(topic.get_absolute_url()).content.decode()
    answer = client_of(member).get("/api/v1/posts/").json()["results"][0]

    assert "/figures/figure.png" in content
    assert "/figures/figure.png" in answer["html"]


def test_a_preview_shows_attached_pictures_as_the_page_will(
    chair, member, outsider, group, client_of
):
    meeting = factories.past_meeting(group)
    attached(chair, "meeting", meeting.uuid)
    topic = discussion.start_topic(actor=chair, group=group, title="Plan", source="x", level=2)
    attached(chair, "topic", topic.uuid)
    work = deliverable(chair, group)
    attach(chair, work, "figure.png", png())
    for file in Revision.objects.get().files.all():
        ready(file.stored)
    pages = {
        f"{meeting.get_absolute_url()}notes/": "notes",
        topic.get_absolute_url(): "post",
        f"{work.get_absolute_url()}text/": "document",
    }
    for page, kind in pages.items():
        sent = {"source": "![Bars](figure.png)", "preview": f"source.{kind}", "draft-page": page}

        shown = client_of(chair).post("/drafts/preview/", sent).content.decode()
        hidden = client_of(outsider).post("/drafts/preview/", sent).content.decode()

        assert "/figures/figure.png" in shown, page
        assert "appear once you save" not in shown
        assert "/figures/" not in hidden, page
        assert "Bars" in hidden
    sent["draft-page"] = f"/groups/{group.slug}/discussion/start/"
    elsewhere = client_of(chair).post("/drafts/preview/", sent).content.decode()
    assert "appear once you save" in elsewhere


def test_decision_is_recorded_with_its_files_which_then_stand(chair, group, client_of):
    url = f"/groups/{group.slug}/decisions/new/"
    client_of(chair).post(
        url,
        {
            "title": "Meet on Mondays",
            "method": "consensus",
            "decided_on": "2025-03-04",
            "attachments": [
                SimpleUploadedFile("figure.png", png()),
                SimpleUploadedFile("a.csv", b"a"),
            ],
        },
    )
    made = Decision.objects.get()
    show_figure(Decision)

    content = client_of(chair).get(made.get_absolute_url()).content.decode()

    assert [file.name for file in Attachment.objects.order_by("pk")] == ["figure.png", "a.csv"]
    assert "a.csv" in content
    with pytest.raises(WrongState, match="never be changed"):
        actions.remove(actor=chair, attachment=Attachment.objects.first())
    with pytest.raises(WrongState, match="never be changed"):
        attached(chair, "decision", made.uuid, "b.csv", b"b")


def test_refused_decision_keeps_no_file(chair, group):
    upload = SimpleUploadedFile("a.exe", b"a")

    with pytest.raises(Invalid):
        record_decision(actor=chair, group=group, title="x", method="consensus", files=[upload])

    assert not Decision.objects.exists()
    assert not StoredFile.objects.exists()


def test_files_of_approved_minutes_stand(chair, group):
    meeting = factories.past_meeting(group)
    meeting.minutes_revision = factories.notes(meeting, author=chair)
    file = attached(chair, "meeting", meeting.uuid)
    meeting.minutes_state, meeting.minutes_approved_by = "approved", chair
    meeting.save()

    with pytest.raises(WrongState, match="approved"):
        actions.remove(actor=chair, attachment=file)
    with pytest.raises(WrongState, match="approved"):
        attached(chair, "meeting", meeting.uuid, "b.csv", b"b")


def test_the_database_refuses_to_change_files_of_approved_minutes(chair, group):
    meeting = factories.past_meeting(group)
    item = factories.agenda_item(meeting)
    meeting.minutes_revision = factories.notes(meeting, author=chair)
    files = [
        attached(chair, "meeting", meeting.uuid),
        attached(chair, "agenda_item", item.uuid),
    ]
    meeting.minutes_state, meeting.minutes_approved_by = "approved", chair
    meeting.save()
    columns = {field.column for field in Attachment._meta.fields} - {"id", "level"}

    for file in files:
        rows = Attachment.objects.filter(pk=file.pk)
        rows.update(level=1)  # who reads it may change with its group
        copy = Attachment.objects.get(pk=file.pk)
        copy.pk, copy.uuid, copy.name = None, new_uuid(), "b.csv"
        for act in (rows.delete, copy.save):
            with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
                act()
        for column in columns:
            changed = {
                "removed_at": "now()",
                "added_at": "now()",
                "uuid": "gen_random_uuid()",
                "thing_uuid": "gen_random_uuid()",
                "removed_by_id": "added_by_id",
                "stored_id": "gen_random_uuid()",
            }.get(column, f"{column} + 1" if column.endswith("_id") else f"{column} || 'x'")
            with (
                pytest.raises(IntegrityError, match="approved"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(
                    f"UPDATE attachments_attachment SET {column} = {changed} WHERE id = %s",
                    [file.pk],
                )
    meeting.minutes_state = "draft"
    meeting.save()
    for file in files:
        Attachment.objects.filter(pk=file.pk).update(name="c.csv")


def test_removing_an_agenda_item_removes_its_files(chair, group):
    meeting = factories.meeting(group)
    item = factories.agenda_item(meeting)
    attached(chair, "agenda_item", item.uuid)

    meetings.remove_agenda_item(actor=chair, item=item)

    assert not Attachment.objects.present().exists()
    assert StoredFile.objects.get().state == "discarded"


def test_adding_and_removing_stand_in_the_record(chair, group):
    meeting = factories.meeting(group)

    file = attached(chair, "meeting", meeting.uuid)
    actions.remove(actor=chair, attachment=file)

    rows = Record.objects.filter(object_uuid=meeting.uuid).values_list("verb", flat=True)
    assert sorted(rows) == ["file_added", "file_removed"]


def test_members_remove_their_own_files_and_no_others(chair, member, secretary, group):
    topic = discussion.start_topic(actor=member, group=group, title="Plan", source="x", level=2)
    file = attached(member, "topic", topic.uuid)

    with pytest.raises(NotAllowed):
        actions.remove(actor=secretary, attachment=file)

    actions.remove(actor=member, attachment=file)
    assert not Attachment.objects.present().exists()


def test_attachment_is_readable_exactly_where_its_thing_is(
    chair, co_chair, member, observer, outsider, staff, group
):
    chairs_topic = discussion.start_topic(
        actor=chair, group=group, title="Chairs", source="x", level=3
    )
    topic = discussion.start_topic(actor=member, group=group, title="All", source="x", level=2)
    meeting = factories.meeting(group)
    made = decision(chair, group)
    for kind, thing in (("topic", chairs_topic), ("topic", topic), ("meeting", meeting)):
        attached(chair, kind, thing.uuid)
    for person in (chair, co_chair, member, observer, outsider, staff):
        viewer = viewer_for(person.pk)
        readable = Attachment.objects.visible_to(viewer)
        for kind, thing in (("topic", chairs_topic), ("topic", topic), ("meeting", meeting)):
            is_there = find_place(viewer, kind, thing.uuid) is not None
            assert readable.filter(thing_uuid=thing.uuid).exists() == is_there, (person, kind)
        assert (find_place(viewer, "decision", made.uuid) is not None) == (
            Decision.objects.visible_to(viewer).exists()
        )


def test_file_is_added_listed_and_fetched_by_the_api(chair, outsider, group, client_of):
    meeting = factories.meeting(group)
    client = client_of(chair)

    made = client.post(
        "/api/v1/attachments/",
        {
            "kind": "meeting",
            "thing": str(meeting.uuid),
            "file": SimpleUploadedFile("图.csv", b"a,b\n"),
        },
    )
    listed = client.get(f"/api/v1/attachments/?thing={meeting.uuid}").json()["results"]
    content = client.get(f"/api/v1/attachments/{made.json()['uuid']}/content/")

    assert made.status_code == 201
    assert [(row["name"], row["bytes"]) for row in listed] == [("图.csv", 4)]
    assert body(content) == b"a,b\n"
    hidden = client_of(outsider).get(f"/api/v1/attachments/{made.json()['uuid']}/content/")
    assert hidden.status_code == 404


def test_one_refused_file_of_several_says_which_were_added(chair, group, client_of):
    meeting = factories.meeting(group)
    url = f"/groups/{group.slug}/attachments/meeting/{meeting.uuid}/"
    files = [SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("b.exe", b"b")]

    response = client_of(chair).post(url, {"file": files})

    assert response.status_code == 422
    assert "b.exe" in response.content.decode()
    assert "These files were added: a.csv" in response.content.decode()
    assert Attachment.objects.count() == 1
