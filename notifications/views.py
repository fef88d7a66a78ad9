"""The inbox, the notification settings, and the link in every mail that unsubscribes."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.http.form_handling import posted, status_of
from common.http.sign_in_required import login_required
from common.times import zone_named
from common.ui.date_format import day_words
from common.undo.light_acts import say_with_undo
from members.people.models import Person
from members.people.requests import PersonRequest
from notifications.actions import choose, mark_all_read, mark_read, resume
from notifications.actions import stop as stop_mail
from notifications.choices import DIGEST, Frequency
from notifications.content import ShownNotification, with_contents
from notifications.forms import FrequenciesForm
from notifications.mails import STOP_SALT
from notifications.models import Notification, Preference
from notifications.queries import Stopped, chosen_frequencies, stopped_mail, types_for
from notifications.registry import notification_type
from notifications.types import AnyPayload
from notifications.undo import READ_ALL

PAGE = 30


@require_safe
@login_required
def inbox(request: PersonRequest) -> HttpResponse:
    notifications = Notification.objects.visible_to(request.viewer)
    tab = "unread" if request.GET.get("show") == "unread" else "all"
    if tab == "unread":
        notifications = notifications.unread()
    page = Paginator(notifications, PAGE).get_page(request.GET.get("page"))
    items = [item for item in with_contents(page.object_list, request.viewer) if item.content]
    context = {"page": page, "days": by_day(items, request.user.zone), "tab": tab}
    return render(request, "notifications/inbox.html", context)


def by_day(items: Iterable[ShownNotification], zone: str) -> list[dict[str, object]]:
    """Group the notifications by the days on which they came, in the reader's zone."""
    here = zone_named(zone)
    today = timezone.now().astimezone(here).date()
    words = {today: _("Today, %(day)s"), today - timedelta(days=1): _("Yesterday, %(day)s")}
    return [
        {
            "words": words.get(day, "%(day)s") % {"day": day_words(day, weekday=True)},
            "items": list(of_day),
        }
        for day, of_day in groupby(
            items, key=lambda item: item.notification.event.at.astimezone(here).date()
        )
    ]


@require_POST
@login_required
def read_all(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    count = mark_all_read(actor=request.user, at=now)
    if count:
        words = ngettext(
            "%(count)d notification marked as read.",
            "%(count)d notifications marked as read.",
            count,
        )
        say_with_undo(request, words % {"count": count}, READ_ALL, {"at": now.isoformat()})
    return redirect("inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_notification(request: PersonRequest, event_uuid: str) -> HttpResponse:
    """Mark the notification as read (POST) and redirect to its target.

    Raises Http404 when the viewer can no longer read it.
    """
    notification = (
        Notification.objects.visible_to(request.viewer).filter(event__uuid=event_uuid).first()
    )
    content = with_contents([notification], request.viewer)[0].content if notification else None
    if notification is None or content is None:
        raise Http404
    if request.method == "POST":
        mark_read(actor=request.user, notification_ids=[notification.pk])
    return redirect(content.url)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: PersonRequest) -> HttpResponse:
    stopped = stopped_mail(request.viewer)
    if request.method == "POST" and "resume" in request.POST:
        return _resume(request, stopped)
    types = types_for(request.viewer)
    chosen = chosen_frequencies(request.user.pk)
    form = FrequenciesForm(posted(request), types=types, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        for kind, frequency in form.changed_frequencies().items():
            choose(actor=request.user, kind=kind, frequency=frequency)
        messages.success(request, _("Notification settings saved."))
        return redirect("notices-settings")
    types.sort(key=lambda each: (str(each.category.label), str(each.label)))
    categories = [
        {
            "name": name,
            "rows": [
                {"type": each, "field": None if each.mandatory else form[each.name]}
                for each in of_category
            ],
        }
        for name, of_category in groupby(types, key=lambda each: str(each.category.label))
    ]
    context = {
        "form": form,
        "categories": categories,
        "frequencies": Frequency.labels,
        "stopped": stopped,
        "tab": "settings",
    }
    return render(request, "notifications/settings.html", context, status=status_of(form))


def _resume(request: PersonRequest, stopped: list[Stopped]) -> HttpResponse:
    """Subscribe the person again to mail from which they unsubscribed by a link."""
    chosen = [row.pk for row in stopped if str(row.pk) == request.POST["resume"]]
    row = Preference.objects.filter(person=request.user, pk__in=chosen).first()
    if row is not None:
        resume(actor=request.user, kind=row.kind, scope_uuid=row.scope_uuid)
        messages.success(request, _("You will get these e-mails again."))
    return redirect("notices-settings")


# RFC 8058: the POST comes from a mail program, without cookie, session or CSRF token. The signed token
# is the proof; it only lets its owner unsubscribe from one kind of mail, and undo that.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe from one kind of mail. GET only asks, since scanners follow links.

    The page names nothing private.
    """
    person, type_, scope = _list_of(token)
    if type_ is not None and type_.mandatory:
        return HttpResponseBadRequest(
            _("You cannot unsubscribe from this notification."), content_type="text/plain"
        )
    name = type_.name if type_ else DIGEST
    context = {"type": type_, "is_scoped": scope is not None, "token": token}
    if request.method != "POST":
        return render(request, "notifications/stop.html", context)
    if "undo" in request.POST:
        before = request.POST.get("before", "")
        resume(actor=person, kind=name, scope_uuid=scope, frequency=before)
        return render(request, "notifications/stop_undone.html", context)
    context["before"] = stop_mail(actor=person, kind=name, scope_uuid=scope)
    return render(request, "notifications/stopped.html", context)


def _list_of(token: str) -> tuple[Person, type[AnyPayload] | None, UUID | None]:
    """Return the person, type (None: the daily digest) and scope that a link in a mail names.

    Links in old mails name no scope and mean the type everywhere. Raises Http404 for a link that is
    not ours or names an unknown person or type.
    """
    try:
        person_uuid, name, *scope = signing.loads(token, salt=STOP_SALT)
        person = Person.objects.get(uuid=person_uuid)
        type_ = None if name == DIGEST else notification_type(name)
        return person, type_, UUID(scope[0]) if scope else None
    except (signing.BadSignature, Person.DoesNotExist, KeyError, ValueError, TypeError):
        raise Http404 from None
