"""The pages of a group's discussion."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.form_handling import attempt, posted, status_of
from common.http.once import once
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.text.diff import diff_html
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.discussion import actions, permissions
from workinggroups.discussion.attachments import TOPIC
from workinggroups.discussion.choices import POSTS_A_PAGE, TOPICS_A_PAGE
from workinggroups.discussion.forms import EditForm, HideForm, PostForm, TopicForm
from workinggroups.discussion.models import Follow, Post, PostEdit, Topic
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.groups.page_frame import group_page_context


@require_safe
@login_required
def topic_list(request: PersonRequest, slug: str) -> HttpResponse:
    """The topics of a group, the one somebody wrote in last on top."""
    group = group_of_member_space(request, slug)
    muted = Follow.objects.filter(topic=OuterRef("pk"), person=request.user)
    topics = (
        Topic.objects.visible_to(request.viewer)
        .filter(group=group)
        .annotate(is_followed=Exists(muted.awake()))
        .select_related("starter")
        .latest_first()
    )
    shown = Paginator(topics, TOPICS_A_PAGE).get_page(request.GET.get("page"))
    for topic in shown:
        topic.group = group
    can_start = permissions.can_start_topic(request.viewer, group)
    context = _page(request, group, topics=shown, can_start=can_start)
    return render(request, "discussion/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def topic_start(request: PersonRequest, slug: str) -> HttpResponse:
    """A title, who reads it, and the first post; a refused text comes back as it was typed."""
    group = group_of_member_space(request, slug)
    permissions.can_start_topic.require(request.viewer, group)
    form = TopicForm(
        posted(request),
        widest=group.content_level,
        for_chairs=permissions.can_start_topic_for_chairs(request.viewer, group),
    )
    if form.is_valid():
        topic = attempt(
            form,
            lambda: actions.start_topic(actor=request.user, group=group, **form.cleaned_data),
        )
        if topic is not None:
            return redirect(topic)
    context = _page(request, group, form=form)
    return render(request, "discussion/start.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def topic(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The posts in order, and below the last page a form for the next one."""
    found = _topic(request, slug, number)
    viewer = request.viewer
    if request.method == "POST":
        permissions.can_reply.require(viewer, found)
    form = PostForm(posted(request))
    if form.is_valid():
        post = attempt(
            form, lambda: actions.add_post(actor=request.user, topic=found, **form.cleaned_data)
        )
        if post is not None:
            return redirect(post)
    can_reply = permissions.can_reply(viewer, found) and not found.is_locked
    shown = _posts_page(found, request.GET.get("page"), is_refused=form.is_bound)
    attached = attached_to(found.group, {TOPIC: [found.uuid]})
    context = _page(
        request,
        found.group,
        topic=found,
        posts=shown,
        editable={post.pk for post in shown if permissions.is_editable(viewer, post)},
        form=form,
        attachments=attached,
        pictures=pictures_in(attached),
        attach_url=_files_address(found),
        can_attach=can_reply,
        can_reply=can_reply,
        can_lock=permissions.can_lock_topic(viewer, found),
        can_hide=permissions.can_lock_topic(viewer, found),
        can_read_hidden=permissions.can_read_hidden(viewer, found.group),
        can_follow=permissions.can_follow_topic(viewer, found),
        follow=found.follows.filter(person=request.user).first(),
    )
    return render(request, "discussion/topic.html", context, status=status_of(form))


def _posts_page(found: Topic, number: str | None, *, is_refused: bool) -> Page[Post]:
    """A page of posts; the last one where a refused post is shown again."""
    posts = found.posts.select_related("author", "organization", "hidden_by")
    pages = Paginator(posts, POSTS_A_PAGE)
    shown = pages.get_page(pages.num_pages if is_refused else number)
    for post in shown:
        post.topic = found
    return shown


@require_POST
@login_required
def topic_lock(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Closes the topic to new posts."""
    found = _topic(request, slug, number)
    permissions.can_lock_topic.require(request.viewer, found)
    actions.lock_topic(actor=request.user, topic=found)
    return redirect(found)


@require_POST
@login_required
def topic_unlock(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Opens it again."""
    found = _topic(request, slug, number)
    permissions.can_lock_topic.require(request.viewer, found)
    actions.unlock_topic(actor=request.user, topic=found)
    return redirect(found)


@require_POST
@login_required
def topic_follow(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Following, or muting with `mute=1`."""
    found = _topic(request, slug, number)
    permissions.can_follow_topic.require(request.viewer, found)
    is_muted = request.POST.get("mute") == "1"
    actions.follow_topic(actor=request.user, topic=found, is_muted=is_muted)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def post_edit(request: PersonRequest, slug: str, number: int, post: int) -> HttpResponse:
    """One's own post, for a day."""
    found = _post(request, slug, number, post)
    permissions.can_edit_post.require(request.viewer, found)
    form = EditForm(posted(request), initial={"source": found.source, "version": found.version})
    if form.is_valid():
        edited = attempt(
            form, lambda: actions.edit_post(actor=request.user, post=found, **form.cleaned_data)
        )
        if edited is not None:
            return redirect(found)
    context = _page(
        request,
        found.topic.group,
        topic=found.topic,
        post=found,
        form=form,
        can_edit=permissions.is_editable(request.viewer, found),
    )
    return render(request, "discussion/post_edit.html", context, status=status_of(form))


@require_safe
@login_required
def post_history(request: PersonRequest, slug: str, number: int, post: int) -> HttpResponse:
    """What a post said before, each time with what was changed."""
    found = _post(request, slug, number, post)
    if found.is_hidden and not permissions.can_read_hidden(request.viewer, found.topic.group):
        raise Http404
    context = _page(
        request,
        found.topic.group,
        topic=found.topic,
        post=found,
        changes=_changes(list(found.edits.all()), found),
    )
    return render(request, "discussion/post_history.html", context)


def _changes(edits: list[PostEdit], post: Post) -> list[dict[str, Any]]:
    """Each change from one text to the next, the latest first."""
    texts = [edit.source for edit in edits] + [post.source]
    changed = [
        {"at": edit.replaced_at, "diff": diff_html(before, after)}
        for edit, before, after in zip(edits, texts, texts[1:], strict=False)
    ]
    return changed[::-1]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def post_hide(request: PersonRequest, slug: str, number: int, post: int) -> HttpResponse:
    """A chair hides a post, with a reason that stands in its place."""
    found = _post(request, slug, number, post)
    permissions.can_hide_post.require(request.viewer, found)
    form = HideForm(posted(request))
    if form.is_valid():
        hidden = attempt(
            form, lambda: actions.hide_post(actor=request.user, post=found, **form.cleaned_data)
        )
        if hidden is not None:
            return redirect(found)
    context = _page(
        request,
        found.topic.group,
        topic=found.topic,
        post=found,
        form=form,
        pictures=pictures_in(attached_to(found.topic.group, {TOPIC: [found.topic.uuid]})),
    )
    return render(request, "discussion/post_hide.html", context, status=status_of(form))


@require_POST
@login_required
def post_show(request: PersonRequest, slug: str, number: int, post: int) -> HttpResponse:
    """A hidden post is shown again."""
    found = _post(request, slug, number, post)
    permissions.can_hide_post.require(request.viewer, found)
    actions.show_post(actor=request.user, post=found)
    return redirect(found)


def _files_address(topic: Topic) -> str:
    return reverse("attachments", args=[topic.group.slug, TOPIC, topic.uuid])


def _topic(request: Request, slug: str, number: int) -> Topic:
    """The topic of this address, if its reader may read it. Http404 as for one that is not."""
    group = group_of_member_space(request, slug)
    topics = Topic.objects.visible_to(request.viewer).select_related("starter", "locked_by")
    found: Topic | None = topics.filter(group=group, number=number).first()
    if found is None:
        raise Http404
    found.group = group
    return found


def _post(request: Request, slug: str, number: int, post: int) -> Post:
    topic = _topic(request, slug, number)
    posts = topic.posts.select_related("author", "organization")
    found: Post | None = posts.filter(number=post).first()
    if found is None:
        raise Http404
    found.topic = topic
    return found


def _page(request: Request, group: Group, **more: Any) -> dict[str, Any]:
    return {**group_page_context(request, group, "discussion"), **more}
