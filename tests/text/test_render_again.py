"""Texts of an older renderer are rendered again, once, whatever interrupts it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from alliance.portal.models import SiteText
from common.access import Level, viewer_for
from common.search.models import SearchEntry
from common.search.queries import query
from common.text import tasks
from common.text.markdown import RENDERER_VERSION
from common.text.models import TextChange
from common.text.registry import stored_text, stored_texts
from common.text.render_again import Progress, _render, has_stale_texts, render_again, stale
from members.people.models import Person
from tests import factories
from tests.committed import together
from tests.factories import ballots, works
from tests.text.stored import all_html, make_old
from tests.world.group_content import things_of
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.models import Revision
from workinggroups.deliverables.queries import last_revision
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Post
from workinggroups.groups.models import Group
from workinggroups.meetings.rendering import notes_html


@pytest.fixture(autouse=True)
def site_texts_of_today(request: pytest.FixtureRequest) -> None:
    """The texts that a new site begins with are not what these tests count."""
    name = "committed_db" if "committed_db" in request.fixturenames else "db"
    request.getfixturevalue(name)
    SiteText.objects.update(renderer_version=RENDERER_VERSION)


UNRENDERABLE = ">" * 200 + " Too deep."


def posts(chair: Person, group: Group, count: int) -> list[Post]:
    """Posts whose HTML is of an older renderer."""
    topic = discussion.start_topic(
        actor=chair, group=group, title="Data", source="First.", level=group.content_level
    )
    for number in range(1, count):
        discussion.add_post(actor=chair, topic=topic, source=f"Post {number} of many.")
    found = list(topic.posts.order_by("number"))
    for post in found:
        make_old(post, "<p>old</p>")
    return found


def test_every_kind_of_text_is_rendered_again(
    chair: Person, co_chair: Person, secretary: Person, member: Person, group: Group
) -> None:
    cast = {
        "chair": chair,
        "co_chair": factories.person("Cleo Chair"),
        "editor": co_chair,
        "secretary": secretary,
        "member": member,
        "observer": factories.person("Otto Observer"),
    }
    things_of(group, cast)
    factories.charter(group, author=chair)
    factories.action_item_comment(factories.action_item(group), author=member)
    factories.agreement("membership")
    ballots.draft(chair, group, source="As *discussed*.")
    kinds = [kind for kind in stored_texts() if kind.kind != "site_text"]
    versions = {
        kind.kind: set(kind.rows().values_list("renderer_version", flat=True)) for kind in kinds
    }
    assert versions.pop("post_edit") == versions.pop("action_item_comment_edit") == set()
    assert versions == {kind: {RENDERER_VERSION} for kind in versions}
    render_again()
    fresh = all_html()
    assert {kind for kind, _pk in fresh} == {
        *(
            "action_item_comment",
            "agenda_item",
            "agenda_proposal",
            "agreement",
            "ballot",
            "charter",
            "decision",
            "notes",
            "post",
            "review_comment",
        ),
        *("revision", "site_text", "template_item"),
    }
    for table in ("discussion_post", "decisions_decision", "deliverables_revision"):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET html = '<p>old</p>', renderer_version = 0")

    render_again()

    assert all_html() == fresh
    assert not has_stale_texts()
    assert render_again() == Progress(is_complete=True)


def test_nothing_but_the_html_changes(chair: Person, group: Group) -> None:
    revision = last_revision(works.in_review(chair, group))
    make_old(revision, "<p>old</p>")
    columns = [field.attname for field in Revision._meta.concrete_fields]
    rest = [name for name in columns if name not in {"html", "renderer_version"}]
    before = [getattr(revision, name) for name in rest]
    deliverable = revision.deliverable
    deliverable.refresh_from_db()
    times = (deliverable.changed_at, deliverable.version)

    render_again()

    revision.refresh_from_db()
    deliverable.refresh_from_db()
    assert revision.renderer_version == RENDERER_VERSION
    assert "who paid for the test" in revision.html
    assert [getattr(revision, name) for name in rest] == before
    assert (deliverable.changed_at, deliverable.version) == times


def test_search_finds_the_words_that_are_shown_now(chair: Person, group: Group) -> None:
    decision = works.decision(chair, group, source="The operator sends a heartbeat.")
    make_old(decision, "<p>The operator sends .</p>")
    SearchEntry.objects.filter(uuid=decision.uuid).update(body="The operator sends .")

    render_again()

    assert [hit.uuid for hit in query(viewer_for(chair.pk), "heartbeat").hits] == [decision.uuid]


def test_a_hidden_post_does_not_come_back_to_search(chair: Person, group: Group) -> None:
    first, second = posts(chair, group, 2)
    discussion.hide_post(actor=chair, post=second, reason="Not about the data.")

    render_again()

    assert not SearchEntry.objects.filter(uuid=second.uuid).exists()
    assert SearchEntry.objects.filter(uuid=first.topic.uuid).exists()


def test_former_anchors_of_notes_and_works_are_kept(chair: Person, group: Group) -> None:
    source = "# Data types & formats\n\nText."
    notes = factories.notes(factories.past_meeting(group), source, author=chair)
    make_old(notes, '<h2 id="user-content-former">Data types &amp; formats</h2>\n<p>Text.</p>\n')

    render_again()

    notes.refresh_from_db()
    assert '<a id="user-content-former"></a>Data types' in notes.html
    assert notes.html.replace('<a id="user-content-former"></a>', "") == notes_html(source)


def test_it_goes_on_where_it_was_interrupted(chair: Person, group: Group) -> None:
    posts(chair, group, 25)

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_again(report=interrupt)
    done = Post.objects.filter(renderer_version=RENDERER_VERSION).count()
    progress = render_again()

    assert done == 20
    assert progress.is_complete
    assert (done + progress.rendered, Post.objects.filter(renderer_version=0).count()) == (25, 0)


def test_a_run_ends_when_its_time_is_over(chair: Person, group: Group) -> None:
    posts(chair, group, 2)

    assert render_again(seconds=0) == Progress()
    assert has_stale_texts()

    tasks.render_again()

    assert not has_stale_texts()


def test_a_text_that_is_refused_keeps_its_html_and_is_not_tried_again(
    chair: Person, group: Group
) -> None:
    bad, good = posts(chair, group, 2)
    Post.objects.filter(pk=bad.pk).update(source=UNRENDERABLE)

    progress = render_again()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (progress.rendered, progress.refused) == (1, 1)
    assert (bad.html, bad.renderer_version) == ("<p>old</p>", 0)
    assert good.renderer_version == RENDERER_VERSION
    refusal = TextChange.objects.get(kind="post", row_id=bad.pk)
    assert refusal.outcome == "refused"
    assert "nested too deeply" in refusal.reason
    assert render_again() == Progress(is_complete=True)


def test_a_text_that_was_saved_meanwhile_is_left_alone(chair: Person, group: Group) -> None:
    second = posts(chair, group, 2)[1]

    # The row is read, then saved by its author, then written.
    kind = stored_text("post")
    read = stale(kind).get(pk=second.pk)
    discussion.edit_post(actor=chair, post=second, version=1, source="Saved meanwhile.")
    progress = Progress()
    _render(kind, read, progress)

    second.refresh_from_db()
    assert second.html.strip() == "<p>Saved meanwhile.</p>"
    assert progress == Progress()


def test_search_keeps_to_readers_that_were_narrowed_meanwhile(chair: Person, group: Group) -> None:
    decision = works.decision(chair, group, source="The operator sends a heartbeat.")
    make_old(decision, "<p>The operator sends .</p>")
    kind = stored_text("decision")
    read = stale(kind).get(pk=decision.pk)
    Decision.objects.filter(pk=decision.pk).update(level=Level.CHAIRS)

    _render(kind, read, Progress())

    assert SearchEntry.objects.get(uuid=decision.uuid).level == Level.CHAIRS


def test_a_copy_of_the_api_is_good_until_the_text_is_rendered_again(
    chair: Person, group: Group, client_of: Callable[..., Client]
) -> None:
    (post,) = posts(chair, group, 1)
    client, path = client_of(chair), f"/api/v1/posts/{post.uuid}/"
    before = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": before}).status_code == 304

    render_again()

    after = client.get(path, headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.json()["html"].strip() == "<p>First.</p>"
    assert after.json()["version"] == 1


def test_the_command_prints_progress_and_what_changed(chair: Person, group: Group) -> None:
    posts(chair, group, 25)

    out = StringIO()
    call_command("render_again", stdout=out)
    again = StringIO()
    call_command("render_again", stdout=again)

    assert "20 of 25 (post)" in out.getvalue()
    assert "25 texts rendered: the words of 25 changed, 0 were refused" in out.getvalue()
    assert again.getvalue() == f"All texts are from renderer {RENDERER_VERSION}.\n"


def test_the_command_can_render_every_text_again(chair: Person, group: Group) -> None:
    revision = last_revision(works.in_review(chair, group))
    make_old(revision, "<p>old</p>")
    Revision.objects.filter(pk=revision.pk).update(renderer_version=RENDERER_VERSION)
    before = all_html()

    call_command("render_again", "--all", stdout=StringIO())

    revision.refresh_from_db()
    assert "who paid for the test" in revision.html
    assert all_html().keys() == before.keys()
    assert not has_stale_texts()


def test_two_workers_render_each_text_once(committed_db: str) -> None:
    chair = factories.member_of(factories.organization("Aurora Labs"), "Chiara Chair")
    posts(chair, factories.group("Trust Benchmarks", preset="listed", chair=chair), 30)

    first, second = together(render_again, render_again)

    assert first.rendered + second.rendered == 30
    assert first.is_complete or second.is_complete
    assert TextChange.objects.count() == 30
    assert not has_stale_texts()


def test_changed_words_are_listed_and_changed_markup_is_not(chair: Person, group: Group) -> None:
    agreement = factories.agreement("membership", source="Members are fair and kind.")
    make_old(agreement, "<p>Members are fair.</p>")
    decision = works.decision(chair, group, source="We *agree*.")
    make_old(decision, "<p>We\n<strong>agree</strong>.</p>")
    (post,) = posts(chair, group, 1)

    render_again()

    found = list(TextChange.objects.values_list("kind", "row_id", "weight", "words_before"))
    assert found == [
        ("agreement", agreement.pk, 0, "Members are fair."),
        ("post", post.pk, 2, "old"),
    ]
