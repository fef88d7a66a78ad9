"""The start page of staff, and the list of mail deliveries."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alliance.portal.actions import release_mail
from alliance.portal.forms import ReleaseMailForm
from alliance.portal.mail_kinds import mail_kind_words
from alliance.portal.overview import held_mail
from alliance.portal.overview import overview as compose
from alliance.portal.permissions import can_release_mail
from common.errors import Invalid
from common.http.errors import not_found_unless
from common.http.sign_in_required import login_required
from common.mail.actions import retry, retry_all
from common.mail.choices import State
from common.mail.models import Message
from common.mail.queries import deliveries, outbox
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest

PAGE = 50


@require_safe
@login_required
def overview(request: PersonRequest) -> HttpResponse:
    not_found_unless(request.viewer.is_staff)
    return render(request, "portal/overview.html", {"overview": compose(request.viewer)})


@require_safe
@login_required
def mail_log(request: PersonRequest) -> HttpResponse:
    not_found_unless(request.viewer.is_staff)
    chosen = request.GET.get("state", "")
    mails = deliveries(state=chosen if chosen in State.values else "")
    box = outbox()
    page = Paginator(mails, PAGE).get_page(request.GET.get("page"))
    context = {
        **held_mail(),
        "form": ReleaseMailForm(),
        "page": page,
        "rows": [(mail, mail_kind_words(mail.kind)) for mail in page.object_list],
        "states": [(value, label, box.counts[value]) for value, label in State.choices],
        "chosen": chosen,
        "failed": box.counts[State.FAILED],
        "waiting_since": box.waiting_since,
    }
    return render(request, "portal/mail_log.html", context)


@require_POST
@recent_sign_in_required
def mail_release(request: PersonRequest) -> HttpResponse:
    """Release the mail held after a restore; drop what is older than a chosen day."""
    not_found_unless(can_release_mail(request.viewer))
    form = ReleaseMailForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Enter a day such as 2026-11-28, or leave it empty."), "drop_before")
    dropped = release_mail(actor=request.user, drop_before=form.cleaned_data["drop_before"])
    message = ngettext(
        "Mail released. %(count)d older e-mail was dropped.",
        "Mail released. %(count)d older e-mails were dropped.",
        dropped,
    )
    messages.success(request, message % {"count": dropped})
    return redirect("staff-mail")


@require_POST
@login_required
def mail_retry(request: PersonRequest, uuid: str) -> HttpResponse:
    not_found_unless(request.viewer.is_staff)
    retry(message=get_object_or_404(Message, uuid=uuid))
    messages.success(request, _("E-mail queued again."))
    return redirect("staff-mail")


@require_POST
@login_required
def mail_retry_all(request: PersonRequest) -> HttpResponse:
    """Queue everything that failed again, after an outage."""
    not_found_unless(request.viewer.is_staff)
    count = retry_all(messages=deliveries(state=State.FAILED))
    message = ngettext("%(count)d e-mail queued again.", "%(count)d e-mails queued again.", count)
    messages.success(request, message % {"count": count})
    return redirect("staff-mail")
