"""What is typed into a form is kept until the form is taken, for its writer alone."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.drafts import actions
from common.drafts.choices import DRAFT_MAX_BYTES
from common.drafts.models import Draft
from common.errors import Invalid, WrongState
from common.identifiers import new_uuid
from members.people import actions as people_actions
from members.people import exports
from tests import factories
from tests.factories.people import PASSWORD
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Post
from workinggroups.groups import actions as groups
from workinggroups.meetings.models import Meeting

pytestmark = pytest.mark.django_db

WORDS = "The limit favours those with their own hardware."
JSON = {"Accept": "application/json"}


@pytest.fixture
def topic(group, member):
    return discussion.start_topic(actor=member, group=group, title="Limit", source="Needed?")


@pytest.fixture
def page(topic) -> str:
    return topic.get_absolute_url()


def hidden(response, form: str = "PostForm") -> dict[str, str]:
    """The fields by which the form of a page names its draft."""
    html = response.content.decode()
    start = html.index(f'id="draft-{form}"')
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html[start:])
    return {name: value for name, value in found if name.startswith("draft")}


def kept(person, page: str, source: str = WORDS, form: str = "PostForm", **more) -> Draft:
    return actions.save_draft(
        person_uuid=person.uuid,
        uuid=more.pop("uuid", new_uuid()),
        page=page,
        form=form,
        fields={"source": [source], **more.pop("fields", {})},
        **more,
    )


# --- keeping ------------------------------------------------------------------------------------


def test_a_form_saves_its_draft_and_offers_it_on_return(client_of, member, page):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}

    answer = browser.post(reverse("draft-save"), form, headers=JSON)
    again = client_of(member).get(page).content.decode()

    assert re.fullmatch(r"Draft saved \d\d:\d\d", answer.json()["words"])
    assert re.search(r"Unsaved text from \d\d:\d\d", again)
    assert f"?draft={form['draft']}" in again
    assert f">{WORDS}</textarea>" not in again.replace("\n", "")


def test_a_browser_without_scripts_saves_by_a_button_and_goes_on(client_of, member, page):
    browser = client_of(member)
    first = browser.get(page)
    form = {**hidden(first), "source": WORDS, "draft-save": "1"}

    saved = browser.post(reverse("draft-save"), form)
    back = browser.get(saved.headers["Location"])

    assert 'name="draft-save"' in first.content.decode()
    assert WORDS in re.findall(r"<textarea[^>]*>\s*([^<]*)<", back.content.decode())
    assert hidden(back)["draft"] == form["draft"]


def test_the_hour_is_the_readers_own(client_of, member, page):
    member.zone = "Asia/Kathmandu"
    member.save(update_fields=["zone"])
    draft = kept(member, page)
    Draft.objects.update(saved_at=timezone.now())
    hour = timezone.now() + timedelta(hours=5, minutes=45)

    html = client_of(member).get(page).content.decode()

    assert draft.pk
    assert f"Unsaved text from {hour:%H:%M}" in html


def test_nobody_else_is_offered_or_shown_a_draft(client_of, member, chair, staff, page):
    draft = kept(member, page)

    for person in (chair, staff):
        browser = client_of(person)
        assert WORDS not in browser.get(page).content.decode()
        assert WORDS not in browser.get(f"{page}?draft={draft.uuid}").content.decode()
        assert browser.get(reverse("draft", args=[draft.uuid])).status_code == 404
        assert browser.post(reverse("draft-discard", args=[draft.uuid])).status_code == 404
        assert WORDS not in browser.get(reverse("drafts")).content.decode()
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_a_draft_of_another_person_is_never_written_over(member, chair, page):
    draft = kept(member, page)

    other = kept(chair, page, "Mine.", uuid=draft.uuid, version=draft.version, tab=draft.tab)

    draft.refresh_from_db()
    assert draft.fields == {"source": [WORDS]}
    assert other.uuid != draft.uuid


def test_a_browser_in_which_somebody_else_signed_in_keeps_nothing_of_theirs(
    client_of, member, chair, page
):
    form = {**hidden(client_of(member).get(page)), "source": WORDS}

    answer = client_of(chair).post(reverse("draft-save"), form, headers=JSON)

    assert answer.status_code == 409
    assert not Draft.objects.exists()


def test_two_tabs_keep_both_texts(client_of, member, page):
    browser = client_of(member)
    one, two = (hidden(browser.get(page)) for _tab in range(2))

    for form, words in ((one, "One."), (two, "Two."), (one, "One, longer.")):
        answer = browser.post(reverse("draft-save"), {**form, "source": words}, headers=JSON)
        form["draft-version"] = answer.json()["version"]

    assert {draft.fields["source"][0] for draft in Draft.objects.all()} == {"One, longer.", "Two."}


def test_two_tabs_that_continue_one_draft_keep_both_texts(client_of, member, page):
    draft = kept(member, page)
    browser = client_of(member)
    one, two = (hidden(browser.get(f"{page}?draft={draft.uuid}")) for _tab in range(2))

    browser.post(reverse("draft-save"), {**one, "source": "One."}, headers=JSON)
    answer = browser.post(reverse("draft-save"), {**two, "source": "Two."}, headers=JSON)

    assert answer.json()["uuid"] != str(draft.uuid)
    assert {draft.fields["source"][0] for draft in Draft.objects.all()} == {"One.", "Two."}


def test_an_answer_that_got_lost_makes_no_second_draft(client_of, member, page):
    browser = client_of(member)
    form = hidden(browser.get(page))

    for words in ("One.", "One, longer."):
        browser.post(reverse("draft-save"), {**form, "source": words}, headers=JSON)

    assert [draft.fields["source"] for draft in Draft.objects.all()] == [["One, longer."]]


def test_secrets_are_never_kept(member, page):
    secrets = {"password1": ["x" * 12], "otp": ["1"], "code": ["2"], "csrfmiddlewaretoken": ["y"]}

    draft = kept(member, page, fields=secrets)

    assert draft.fields == {"source": [WORDS]}


def test_a_draft_has_a_size_and_a_person_has_room_for_so_many(member, page, monkeypatch):
    with pytest.raises(Invalid, match="too long to save"):
        kept(member, page, "x" * DRAFT_MAX_BYTES)
    monkeypatch.setattr(actions, "PERSON_MAX_DRAFTS", 1)
    first = kept(member, page)
    with pytest.raises(WrongState, match="reached the limit"):
        kept(member, page)

    assert kept(member, page, "Longer.", uuid=first.uuid, version=1).pk == first.pk


# --- taken or refused ---------------------------------------------------------------------------


def test_the_draft_goes_when_the_form_is_taken(client_of, member, page):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)

    assert browser.post(page, form).status_code == 302
    late = browser.post(reverse("draft-save"), form, headers=JSON)

    assert Post.objects.filter(source=WORDS).exists()
    assert late.status_code == 409
    assert not Draft.objects.exists()


def test_other_drafts_of_the_form_stay_when_one_is_taken(client_of, member, page):
    other = kept(member, page, "Another thought.")
    browser = client_of(member)

    browser.post(page, {**hidden(browser.get(page)), "source": WORDS})

    assert list(Draft.objects.all()) == [other]


def test_a_form_sent_to_a_former_address_keeps_its_draft_until_it_is_taken(
    client_of, member, staff, group, page
):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)
    groups.choose_address(actor=staff, group=group, address="moved-on")

    moved = browser.post(page, form)

    assert moved.status_code == 308
    assert Draft.objects.filter(uuid=form["draft"]).exists()
    assert browser.post(moved["Location"], {**form, "source": ""}).status_code == 422
    assert browser.post(moved["Location"], form).status_code == 302
    assert not Draft.objects.exists()


def test_a_crash_between_the_act_and_its_draft_leaves_the_draft(client_of, member, page):
    """The act is committed first: at worst its text is offered once more."""
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'crash'; END $$;"
            "CREATE TRIGGER crash BEFORE DELETE ON drafts_draft "
            "EXECUTE FUNCTION pg_temp.refuse()"
        )

    answer = browser.post(page, form)

    assert answer.status_code == 302
    assert Post.objects.filter(source=WORDS).count() == 1
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda topic, chair: None, 422),
        (lambda topic, chair: discussion.lock_topic(actor=chair, topic=topic), 409),
    ],
)
def test_a_refused_form_leaves_its_text_as_a_draft(
    client_of, member, chair, topic, page, change, status
):
    """Also in a browser without scripts, which had saved none."""
    browser = client_of(member)
    form = hidden(browser.get(page))
    words = WORDS * 3000 if status == 422 else WORDS
    change(topic, chair)

    answer = browser.post(page, {**form, "source": words})

    assert answer.status_code == status
    assert Draft.objects.get().fields["source"] == [words]
    assert words in answer.content.decode()


def test_a_form_refused_for_its_size_keeps_what_was_saved_while_typing(client_of, member, page):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)

    answer = browser.post(page, {**form, "source": "x" * 3_000_000})

    assert answer.status_code == 413
    assert Draft.objects.get().fields["source"] == [WORDS]


def test_a_form_refused_for_a_broken_character_leaves_what_was_saved(client_of, member, page):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)

    answer = browser.generic(
        "POST", page, b"source=\xff", content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 400
    assert Draft.objects.get().fields["source"] == [WORDS]


def test_signing_out_loses_nothing(client_of, member, page):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)

    browser.post(reverse("account_logout"))

    assert "Unsaved text from" in client_of(member).get(page).content.decode()


def test_signing_in_after_an_expired_session_leads_back_to_the_form(client_of, member, page):
    browser = client_of(member)
    form = {**hidden(browser.get(page)), "source": WORDS}
    browser.post(reverse("draft-save"), form, headers=JSON)
    browser.session.flush()

    expired = browser.post(page, form)
    link = re.search(r'href="(/accounts/login/\?next=[^"]+)"', expired.content.decode())
    assert link
    signed_in = browser.post(link[1], {"login": member.email, "password": PASSWORD})

    assert expired.status_code == 401
    assert WORDS in expired.content.decode()
    assert signed_in.headers["Location"] == page
    assert "Unsaved text from" in browser.get(page).content.decode()


def test_a_draft_waits_until_its_sender_has_confirmed_who_they_are(client_of, staff, group):
    """The form is carried out after the confirmation, and only then its draft goes."""
    path = reverse("staff-break-glass", args=[group.uuid])
    browser = client_of(staff, recent=False)
    browser.get(path)
    identity = {
        "draft": str(new_uuid()),
        "draft-page": path,
        "draft-form": "BreakGlassForm",
    }
    form = {**identity, "reason": "A complaint has reached us.", "minutes": "10"}
    browser.post(reverse("draft-save"), form, headers=JSON)

    asked = browser.post(path, form)
    assert asked.headers["Location"].startswith("/accounts/")
    assert Draft.objects.count() == 1
    browser.get(asked.headers["Location"])
    done = browser.post(asked.headers["Location"], {"password": PASSWORD, "next": path})

    assert done.status_code == 302
    assert not Draft.objects.exists()


# --- going on with a draft ----------------------------------------------------------------------


def test_a_draft_of_an_edit_meets_the_save_of_somebody_else(client_of, member, chair, group):
    """It remembers the version it was begun from: the conflict page comes, as without a draft."""
    meeting: Meeting = factories.meetings.past_meeting(group)
    factories.meetings.notes(meeting, "We met.\n", author=chair)
    path = reverse("notes-edit", args=[group.slug, meeting.number])
    browser = client_of(member)
    fields = {"source": ["We met, and talked.\n"], "base": ["1"]}
    draft = kept(member, path, form="NotesForm", fields=fields)
    factories.meetings.notes(meeting, "We met in Prague.\n", author=chair)

    back = browser.get(f"{path}?draft={draft.uuid}").content.decode()
    base = re.search(r'name="base" value="(\d+)"', back)
    assert base
    answer = browser.post(path, {"source": "We met, and talked.\n", "base": base[1]})

    assert base[1] == "1"
    assert "We met, and talked." in back
    assert answer.headers["Location"].startswith(f"/groups/{group.slug}/meetings/")
    meeting.refresh_from_db()
    assert meeting.notes.order_by("number").last().source == "We met in Prague.\n"


def test_the_words_can_be_copied_where_the_page_is_gone(client_of, member, page):
    draft = kept(member, "/groups/gone/discussion/1/")
    browser = client_of(member)

    listed = browser.get(reverse("drafts")).content.decode()
    words = browser.get(reverse("draft", args=[draft.uuid])).content.decode()

    assert WORDS in listed
    assert f"readonly>{WORDS}</textarea>" in words
    assert browser.post(reverse("draft-discard", args=[draft.uuid])).status_code == 302
    assert not Draft.objects.exists()


def test_a_posted_address_leads_nowhere_else(client_of, member, page):
    browser = client_of(member)
    for elsewhere in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:1",
    ):
        form = {**hidden(browser.get(page)), "source": WORDS, "draft-page": elsewhere}

        answer = browser.post(reverse("draft-save"), form)

        assert answer.status_code == 400
    assert not Draft.objects.exists()


# --- the end of drafts --------------------------------------------------------------------------


def test_drafts_are_gone_after_30_days(client_of, member, page):
    old, new = kept(member, page), kept(member, page, "Newer.")
    Draft.objects.filter(pk=old.pk).update(saved_at=timezone.now() - timedelta(days=30))

    shown = client_of(member).get(page).content.decode()

    assert WORDS not in shown
    assert actions.sweep() == 1
    assert list(Draft.objects.all()) == [new]


def test_ones_own_data_holds_drafts_and_a_closed_account_none(member, chair, page):
    kept(member, page)
    other = kept(chair, page)

    assert exports.export(member)["drafts"][0]["fields"] == {"source": [WORDS]}
    people_actions.close(actor=member, person=member)

    assert list(Draft.objects.all()) == [other]


def test_a_draft_is_in_no_search_record_or_log(member, page, caplog):
    from common.record.models import Record
    from common.search.models import SearchEntry

    before = (Record.objects.count(), SearchEntry.objects.count())
    with caplog.at_level("DEBUG"):
        kept(member, page, "Xylophones.")

    assert (Record.objects.count(), SearchEntry.objects.count()) == before
    assert "Xylophones" not in caplog.text.replace(str(connection.queries), "")


# --- the API ------------------------------------------------------------------------------------


def test_drafts_are_written_and_read_by_the_api(client_of, member, chair):
    browser: Client = client_of(member)
    data = {"page": "/my/", "form": "PostForm", "values": {"source": ["One."]}}

    made = browser.post("/api/v1/drafts/", data, content_type="application/json")
    path = f"/api/v1/drafts/{made.json()['uuid']}/"
    saved = browser.put(
        path,
        {**data, "values": {"source": ["Two."]}, "version": 1},
        content_type="application/json",
    )
    stale = browser.put(
        path, {**data, "values": {"source": ["3."]}, "version": 1}, content_type="application/json"
    )

    assert made.status_code == 201
    assert UUID(saved.json()["uuid"]) == UUID(made.json()["uuid"])
    assert stale.json()["uuid"] != made.json()["uuid"]
    assert len(browser.get("/api/v1/drafts/").json()["results"]) == 2
    assert client_of(chair).get("/api/v1/drafts/").json()["results"] == []
    assert client_of(chair).get(path).status_code == 404
    assert browser.delete(path).status_code == 204
    cache.clear()
