"""When a draft was saved, as text for its reader."""

from django.utils import timezone
from django.utils.translation import gettext as _

from common.drafts.models import Draft
from common.http.requests import Request
from common.times import zone_named
from common.ui.date_format import day_words, hour_words


def saved_time(request: Request, draft: Draft) -> str:
    """Return the time in the reader's zone, with the day unless it is today."""
    zone = zone_named(str(getattr(request.user, "zone", "UTC")))
    saved = draft.saved_at.astimezone(zone)
    is_today = saved.date() == timezone.now().astimezone(zone).date()
    return hour_words(saved) if is_today else f"{day_words(saved)}, {hour_words(saved)}"


def saved_words(request: Request, draft: Draft) -> str:
    return _("Draft saved %(when)s") % {"when": saved_time(request, draft)}
