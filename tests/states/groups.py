"""Groups that are concluded, private or asked to; drafts of charters; talk that was changed."""

from typing import Any

from django.urls import reverse

from tests import factories
from tests.groups.concluding import conclude
from tests.pages import Stage
from tests.rendered_pages import HOST, NOTE, RenderedPage
from tests.states.looking import after, browser, in_group, seen, sent_back
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups import actions as groups
from workinggroups.groups.models import Group


def _concluded(stage: Stage) -> tuple[str]:
    conclude(stage.people["admin"], stage.group)
    return (stage.group.slug,)


def _card_only(stage: Stage) -> tuple[str]:
    """A group of which outsiders read a card and nothing more."""
    chair = stage.people["chair"]
    return (factories.group("Incident reports", preset="listed", chair=chair).slug,)


def _charter_drafted(stage: Stage) -> tuple[str]:
    group = _fresh_group(stage)
    groups.draft_charter(actor=stage.people["chair"], group=group, source=f"# Purpose\n\n{NOTE}")
    return (group.slug,)


def _fresh_group(stage: Stage) -> Group:
    return factories.group("Incident reports", preset="open", chair=stage.people["chair"])


def _asked(stage: Stage) -> tuple[Any, ...]:
    group = factories.group("Incident reports", preset="listed", chair=stage.people["chair"])
    asked = factories.admission_request(group, stage.people["member"], note=NOTE)
    factories.group_invitation(group, "new@people.example", stage.people["chair"])
    return group.slug, asked.uuid


def _invited(stage: Stage) -> tuple[Any, ...]:
    group = factories.group("Incident reports", preset="secret", chair=stage.people["chair"])
    address = stage.people["member"].email
    return (factories.group_invitation(group, address, stage.people["chair"]).uuid,)


def _opened_by_staff(stage: Stage) -> Group:
    group = factories.group("Incident reports", preset="secret", chair=stage.people["chair"])
    reason = "A complaint names a post in this group."
    groups.break_glass(actor=stage.people["admin"], group=group, reason=reason, minutes=30)
    return group


def _posted(stage: Stage) -> tuple[str, int, int]:
    member = stage.people["member"]
    topic = discussion.start_topic(
        actor=member,
        group=stage.group,
        title="The limit",
        source=f"{NOTE}\n\n```\nlimit = 500\n```",
    )
    return stage.group.slug, topic.number, 1


def _changed(stage: Stage) -> tuple[str, int, int]:
    slug, number, _first = _posted(stage)
    post = Post.objects.get(topic__group=stage.group, topic__number=number, number=1)
    discussion.edit_post(
        actor=stage.people["member"],
        post=post,
        version=post.version,
        source=f"{NOTE} Nor a school.",
    )
    return slug, number, 1


def _hidden(stage: Stage) -> tuple[str, int]:
    slug, number, _first = _posted(stage)
    topic = Topic.objects.get(group=stage.group, number=number)
    post = discussion.add_post(actor=stage.people["member"], topic=topic, source="Buy ours.")
    discussion.hide_post(actor=stage.people["chair"], post=post, reason="An advertisement.")
    return slug, number


def _just_done(stage: Stage) -> Any:
    """The list after an item was marked as done, with the message that offers to take it back."""
    item, client = stage.action_item, browser(stage, "chair")
    page = client.post(
        reverse("action-close", args=[stage.group.slug, item.number]), follow=True, headers=HOST
    )
    assert "/undo/" in page.text
    return page


GROUPS = [
    RenderedPage("item-just-done", "actions", _just_done),
    RenderedPage("concluded", "group", seen("member", "group", _concluded)),
    RenderedPage("concluded-charter", "group", seen("chair", "group-charter", _concluded)),
    RenderedPage("concluded-topics", "group", seen("member", "topics", _concluded)),
    RenderedPage(
        "concluded-of-staff",
        "group",
        after(_concluded, "admin", "staff-group", lambda stage: (stage.group.uuid,)),
    ),
    RenderedPage("card-for-a-stranger", "group", seen("stranger", "group", _card_only)),
    RenderedPage("card-for-everybody", "group", seen("", "group", _card_only)),
    RenderedPage("card-for-a-member", "group", seen("member", "group", _card_only)),
    RenderedPage(
        "charter-drafted",
        "group",
        seen("chair", "group-charter-draft", _charter_drafted),
        "group-charter-draft",
    ),
    RenderedPage(
        "charter-none-yet",
        "group",
        seen("chair", "group-charter", lambda stage: (_fresh_group(stage).slug,)),
    ),
    RenderedPage(
        "requests",
        "group",
        seen("chair", "group-people", lambda stage: _asked(stage)[:1]),
    ),
    RenderedPage(
        "decline-a-request",
        "group",
        seen("chair", "group-decline-request", _asked),
        "group-decline-request",
    ),
    RenderedPage(
        "invited-into-a-group",
        "group",
        seen("member", "group-invitation", _invited),
        "group-invitation",
    ),
    RenderedPage(
        "request-waits",
        "group",
        seen("member", "group-join", lambda stage: _asked(stage)[:1]),
    ),
    RenderedPage(
        "opened-by-staff",
        "group",
        seen("admin", "group", lambda stage: (_opened_by_staff(stage).slug,)),
    ),
    RenderedPage(
        "opened-by-staff-of-staff",
        "group",
        seen("admin", "staff-group", lambda stage: (_opened_by_staff(stage).uuid,)),
    ),
    RenderedPage(
        "action-item-sent-back",
        "group",
        sent_back("chair", "action-new", {"text": "", "due_on": "2026-02-31"}, in_group),
    ),
    RenderedPage(
        "post-of-today", "discussion", seen("member", "post-edit", lambda stage: _posted(stage))
    ),
    RenderedPage(
        "post-changed", "discussion", seen("member", "post-history", lambda stage: _changed(stage))
    ),
    RenderedPage(
        "topic-with-a-hidden-post",
        "discussion",
        seen("chair", "topic", lambda stage: _hidden(stage)),
    ),
    RenderedPage(
        "topic-sent-back",
        "discussion",
        sent_back("member", "topic-start", {"title": "", "level": 1, "source": NOTE}, in_group),
    ),
    RenderedPage(
        "create-group-sent-back",
        "staff",
        sent_back("admin", "staff-group-new", {"name": "", "purpose": NOTE}),
    ),
]
