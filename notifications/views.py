"""The inbox, what reaches one and how soon, and the way out that every mail carries."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.times import zone_named
from common.web.clock import day_words
from common.web.forms import posted, status_of
from common.web.views import login_required
from members.people.models import Person
from members.people.requests import PersonRequest
from notifications.actions import choose, mark_all_read, mark_read, resume
from notifications.actions import stop as stop_mail
from notifications.choices import DIGEST, Rhythm
from notifications.forms import RhythmsForm
from notifications.lines import ShownNotice, shown
from notifications.mails import STOP_SALT
from notifications.models import Notice, Preference
from notifications.queries import Stopped, chosen_rhythms, stopped_mail
from notifications.registry import Kind, all_kinds, kind_named

PAGE = 30


@require_safe
@login_required
def inbox(request: PersonRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.viewer)
    tab = "unread" if request.GET.get("show") == "unread" else "all"
    if tab == "unread":
        notices = notices.unread()
    page = Paginator(notices, PAGE).get_page(request.GET.get("page"))
    items = [item for item in shown(page.object_list, request.viewer) if item.line]
    context = {"page": page, "days": by_day(items, request.user.zone), "tab": tab}
    return render(request, "notifications/inbox.html", context)


def by_day(items: Iterable[ShownNotice], zone: str) -> list[dict[str, Any]]:
    """The notices under the days on which they came, as days are where the reader is."""
    here = zone_named(zone)
    today = timezone.now().astimezone(here).date()
    words = {today: _("Today, %(day)s"), today - timedelta(days=1): _("Yesterday, %(day)s")}
    return [
        {
            "words": words.get(day, "%(day)s") % {"day": day_words(day, weekday=True)},
            "items": list(of_day),
        }
        for day, of_day in groupby(
            items, key=lambda item: item.notice.event.at.astimezone(here).date()
        )
    ]


@require_POST
@login_required
def read_all(request: PersonRequest) -> HttpResponse:
    mark_all_read(actor=request.user)
    return redirect("inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_notice(request: PersonRequest, event_uuid: str) -> HttpResponse:
    """Marks the notice as read (POST) and leads to its matter; a right that is gone is a 404."""
    notice = Notice.objects.visible_to(request.viewer).filter(event__uuid=event_uuid).first()
    line = shown([notice], request.viewer)[0].line if notice else None
    if notice is None or line is None:
        raise Http404
    if request.method == "POST":
        mark_read(actor=request.user, notice_ids=[notice.pk])
    return redirect(line.url)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: PersonRequest) -> HttpResponse:
    stopped = stopped_mail(request.viewer)
    if request.method == "POST" and "resume" in request.POST:
        return _resume(request, stopped)
    form = RhythmsForm(posted(request), chosen=chosen_rhythms(request.user.pk))
    if request.method == "POST" and form.is_valid():
        for kind, rhythm in form.changed_rhythms().items():
            choose(actor=request.user, kind=kind, rhythm=rhythm)
        messages.success(request, _("What reaches you is saved."))
        return redirect("notices-settings")
    kinds = sorted(all_kinds(), key=lambda kind: (str(kind.topic), str(kind.label)))
    topics = [
        {
            "name": topic,
            "rows": [
                {"kind": kind, "field": None if kind.mandatory else form[kind.name]}
                for kind in of_topic
            ],
        }
        for topic, of_topic in groupby(kinds, key=lambda kind: str(kind.topic))
    ]
    context = {
        "form": form,
        "topics": topics,
        "rhythms": Rhythm.labels,
        "stopped": stopped,
        "tab": "settings",
    }
    return render(request, "notifications/settings.html", context, status=status_of(form))


def _resume(request: PersonRequest, stopped: list[Stopped]) -> HttpResponse:
    """One of the lists that the reader stopped by a link goes on."""
    chosen = [row.pk for row in stopped if str(row.pk) == request.POST["resume"]]
    row = Preference.objects.filter(person=request.user, pk__in=chosen).first()
    if row is not None:
        resume(actor=request.user, kind=row.kind, scope_uuid=row.scope_uuid)
        messages.success(request, _("You get these mails again."))
    return redirect("notices-settings")


# RFC 8058: the POST comes from a mail program, without cookie, login or CSRF token; the signed
# token is the proof, and all it can do is stop one list of mail to its own reader, and undo that.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stops one list of mail. GET only asks, since scanners follow links; nothing private is named."""
    person, kind, scope = _list_of(token)
    if kind is not None and kind.mandatory:
        return HttpResponseBadRequest(_("This notice is always mailed."), content_type="text/plain")
    name = kind.name if kind else DIGEST
    context = {"kind": kind, "is_scoped": scope is not None, "token": token}
    if request.method != "POST":
        return render(request, "notifications/stop.html", context)
    if "undo" in request.POST:
        resume(actor=person, kind=name, scope_uuid=scope, rhythm=request.POST.get("before", ""))
        return render(request, "notifications/stop_undone.html", context)
    context["before"] = stop_mail(actor=person, kind=name, scope_uuid=scope)
    return render(request, "notifications/stopped.html", context)


def _list_of(token: str) -> tuple[Person, Kind | None, UUID | None]:
    """Reader, kind (None: the daily digest) and scope that a link in a mail names; else Http404.

    Links of mails from before there were scopes name none, and so mean the kind everywhere.
    """
    try:
        person_uuid, name, *scope = signing.loads(token, salt=STOP_SALT)
        person = Person.objects.get(uuid=person_uuid)
        kind = None if name == DIGEST else kind_named(name)
        return person, kind, UUID(scope[0]) if scope else None
    except (signing.BadSignature, Person.DoesNotExist, KeyError, ValueError, TypeError):
        raise Http404 from None
