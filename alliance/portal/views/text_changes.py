"""Texts whose words a new renderer changed: list them, compare one, mark it as seen."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.portal import text_changes as queries
from alliance.portal.permissions import can_see_text_changes
from common.access.reading import note_read
from common.http.errors import not_found_unless
from common.http.sign_in_required import login_required
from common.text.changes import mark_seen
from common.text.diff import diff_html
from common.text.models import TextChange
from members.people.requests import PersonRequest

PAGE = 50


@require_safe
@login_required
def text_changes(request: PersonRequest) -> HttpResponse:
    """List the unseen changes, or the seen ones with `?seen=yes`: formal texts first, then newest."""
    viewer = request.viewer
    not_found_unless(can_see_text_changes(viewer))
    is_seen = request.GET.get("seen") == "yes"
    rows = TextChange.objects.visible_to(viewer).filter(seen_at__isnull=not is_seen)
    page = Paginator(rows.defer("words_before", "words_after"), PAGE).get_page(
        request.GET.get("page")
    )
    changes = queries.shown_changes(list(page.object_list), viewer)
    for shown in changes:
        if shown.is_readable:
            note_read(request, shown.change.group_id, shown.url)
    context = {"page": page, "changes": changes, "is_seen": is_seen}
    return render(request, "portal/text_changes.html", context)


@require_safe
@login_required
def text_change(request: PersonRequest, uuid: str) -> HttpResponse:
    """Compare the words before and after the upgrade."""
    change = _readable(request, uuid)
    (shown,) = queries.shown_changes([change], request.viewer)
    note_read(request, change.group_id, shown.url)
    difference = diff_html(change.words_before, change.words_after)
    context = {"shown": shown, "change": change, "difference": difference}
    return render(request, "portal/text_change.html", context)


@require_POST
@login_required
def text_change_seen(request: PersonRequest, uuid: str) -> HttpResponse:
    change = _readable(request, uuid)
    mark_seen(actor=request.user, change=change)
    messages.success(request, _("Marked as seen."))
    return redirect("text-changes")


def _readable(request: PersonRequest, uuid: str) -> TextChange:
    change = get_object_or_404(TextChange.objects.visible_to(request.viewer), uuid=uuid)
    not_found_unless(queries.is_readable(change, request.viewer))
    return change
