"""The pages of a group's discussion."""

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.requests import Request
from common.http.sign_in_required import login_required
from common.undo.light_acts import say_with_undo
from members.people.requests import PersonRequest
from workinggroups.attachments.queries import attached_to, pictures_in
from workinggroups.discussion import actions, permissions
from workinggroups.discussion.attachments import TOPIC
from workinggroups.discussion.choices import POSTS_A_PAGE, TOPICS_A_PAGE
from workinggroups.discussion.forms import EditForm, HideForm, PostForm, TopicForm
from workinggroups.discussion.models import Follow, Post, Topic
from workinggroups.discussion.undo import FOLLOW
from workinggroups.groups.contributions import changes_of
from workinggroups.groups.lookup import group_of_member_space, readable_group
from workinggroups.groups.models import Group
from workinggroups.groups.page_frame import group_page_context
from workinggroups.groups.permissions import can_read_hidden, is_editable


@require_safe
@login_required
def topic_list(request: PersonRequest, slug: str) -> HttpResponse:
    """The topics of a group, the one with the latest post first."""
    group = group_of_member_space(request, slug)
    follows = Follow.objects.filter(topic=OuterRef("pk"), person=request.user)
    topics = (
        Topic.objects.within(group.pk, request.viewer.read_level(group.pk))
        .annotate(is_followed=Exists(follows.awake()))
        .select_related("starter")
        .latest_first()
    )
    page = Paginator(topics, TOPICS_A_PAGE).get_page(request.GET.get("page"))
    for topic in page:
        topic.group = group
    can_start = permissions.can_start_topic(request.viewer, group)
    context = _context(request, group, topics=page, can_start=can_start)
    return render(request, "discussion/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def topic_start(request: PersonRequest, slug: str) -> HttpResponse:
    group = group_of_member_space(request, slug)
    permissions.can_start_topic.require(request.viewer, group)
    form = TopicForm(
        posted(request),
        widest=group.content_level,
        for_chairs=permissions.can_start_topic_for_chairs(request.viewer, group),
    )
    if form.is_valid():
        with refusals_shown_in(form):
            topic = actions.start_topic(actor=request.user, group=group, **form.cleaned_data)
            return redirect(topic)
    context = _context(request, group, form=form)
    return render(request, "discussion/start.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def topic(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The posts in order, and a form to reply."""
    topic = _topic(request, slug, number)
    viewer = request.viewer
    if request.method == "POST":
        permissions.can_reply.require(viewer, topic)
    form = PostForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            post = actions.add_post(actor=request.user, topic=topic, **form.cleaned_data)
            return redirect(post)
    can_reply = permissions.can_reply(viewer, topic) and not topic.is_locked
    shown = _posts_page(topic, request.GET.get("page"), is_refused=form.is_bound)
    attached = attached_to(topic.group, {TOPIC: [topic.uuid]})
    context = _context(
        request,
        topic.group,
        topic=topic,
        posts=shown,
        editable={post.pk for post in shown if is_editable(viewer, post)},
        form=form,
        attachments=attached,
        pictures=pictures_in(attached),
        attach_url=reverse("attachments", args=[slug, TOPIC, topic.uuid]),
        can_attach=can_reply,
        can_reply=can_reply,
        can_lock=permissions.can_lock_topic(viewer, topic),
        can_hide=permissions.can_lock_topic(viewer, topic),
        can_read_hidden=can_read_hidden(viewer, topic.group),
        can_follow=permissions.can_follow_topic(viewer, topic),
        follow=topic.follows.filter(person=request.user).first(),
    )
    return render(request, "discussion/topic.html", context, status=status_of(form))


def _posts_page(topic: Topic, number: str | None, *, is_refused: bool) -> Page[Post]:
    """Return a page of posts: the last one if a refused reply is shown again."""
    posts = topic.posts.select_related("author", "organization", "hidden_by")
    pages = Paginator(posts, POSTS_A_PAGE)
    shown = pages.get_page(pages.num_pages if is_refused else number)
    for post in shown:
        post.topic = topic
    return shown


@require_POST
@login_required
def topic_lock(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    return redirect(actions.lock_topic(actor=request.user, topic=_topic(request, slug, number)))


@require_POST
@login_required
def topic_unlock(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    return redirect(actions.unlock_topic(actor=request.user, topic=_topic(request, slug, number)))


@require_POST
@login_required
def topic_follow(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Follow the topic, or mute it with `mute=1`."""
    topic = _topic(request, slug, number)
    is_muted = request.POST.get("mute") == "1"
    before = actions.follow_state(topic.follows.filter(person=request.user).first())
    follow = actions.follow_topic(actor=request.user, topic=topic, is_muted=is_muted)
    seen = actions.follow_state(follow)
    words = _("You muted this topic.") if is_muted else _("You follow this topic.")
    say_with_undo(request, words, FOLLOW, {"topic": topic.pk, "seen": seen, "before": before})
    return redirect(topic)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def post_edit(request: PersonRequest, slug: str, number: int, post_number: int) -> HttpResponse:
    post = _post(request, slug, number, post_number)
    permissions.can_edit_post.require(request.viewer, post)
    form = EditForm(posted(request), initial={"source": post.source, "version": post.version})
    if form.is_valid():
        with refusals_shown_in(form):
            actions.edit_post(actor=request.user, post=post, **form.cleaned_data)
            return redirect(post)
    can_edit = is_editable(request.viewer, post)
    context = _post_context(request, post, form=form, can_edit=can_edit)
    return render(request, "discussion/post_edit.html", context, status=status_of(form))


@require_safe
@login_required
def post_history(request: PersonRequest, slug: str, number: int, post_number: int) -> HttpResponse:
    """The edits of a post, each with what it changed."""
    post = _post(request, slug, number, post_number)
    if post.is_hidden and not can_read_hidden(request.viewer, post.topic.group):
        raise Http404
    context = _post_context(request, post, changes=changes_of(post, post.edits.all()))
    return render(request, "discussion/post_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def post_hide(request: PersonRequest, slug: str, number: int, post_number: int) -> HttpResponse:
    post = _post(request, slug, number, post_number)
    permissions.can_hide_post.require(request.viewer, post)
    form = HideForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            actions.hide_post(actor=request.user, post=post, **form.cleaned_data)
            return redirect(post)
    pictures = pictures_in(attached_to(post.topic.group, {TOPIC: [post.topic.uuid]}))
    context = _post_context(request, post, form=form, pictures=pictures)
    return render(request, "discussion/post_hide.html", context, status=status_of(form))


@require_POST
@login_required
def post_show(request: PersonRequest, slug: str, number: int, post_number: int) -> HttpResponse:
    post = _post(request, slug, number, post_number)
    actions.show_post(actor=request.user, post=post)
    return redirect(post)


def _topic(request: Request, slug: str, number: int) -> Topic:
    """Return the topic at this address; Http404 for a viewer who cannot read it."""
    topics = Topic.objects.visible_to(request.viewer).select_related("starter", "locked_by")
    topic = get_object_or_404(topics, group__slug=slug, number=number)
    topic.group = readable_group(request, slug, ("topic", topic.uuid))
    return topic


def _post(request: Request, slug: str, number: int, post_number: int) -> Post:
    topic = _topic(request, slug, number)
    posts = topic.posts.select_related("author", "organization")
    post = get_object_or_404(posts, number=post_number)
    post.topic = topic
    return post


def _post_context(request: Request, post: Post, **more: object) -> dict[str, object]:
    return _context(request, post.topic.group, topic=post.topic, post=post, **more)


def _context(request: Request, group: Group, **more: object) -> dict[str, object]:
    return {**group_page_context(request, group, "discussion"), **more}
