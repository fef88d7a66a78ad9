"""Edit the texts of the site; release mail that is held after a restore."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.portal.choices import MailAct, SiteTextAct
from alliance.portal.models import SiteText
from alliance.portal.permissions import can_edit_site_texts, can_release_mail
from common.access import viewer_for
from common.errors import Conflict
from common.mail.actions import release
from common.mail.models import Delivery
from common.record.actions import record
from common.text.markdown import TextKind, render
from common.text.rendered import html_fields
from common.times import zone_named
from common.wake_worker import enqueue_on_commit
from members.people.models import Person
from notifications.actions import drop_mail_before


@transaction.atomic
def edit_site_text(
    *, actor: Person, text: SiteText, title: str, source: str, version: int
) -> SiteText:
    """Replace the page's title and text.

    Raises NotAllowed, and Conflict if a newer version than `version` was saved meanwhile.
    """
    can_edit_site_texts.require(viewer_for(actor.pk))
    html = render(source, TextKind.DOCUMENT)
    changed = SiteText.objects.filter(pk=text.pk, version=version).update(
        title=title,
        source=source,
        **html_fields(html),
        version=version + 1,
        edited_by=actor,
        edited_at=timezone.now(),
    )
    if not changed:
        raise Conflict(_("Someone else saved this text while you were writing."))
    record(actor, SiteTextAct.EDITED, text, facts={"version": version + 1})
    text.refresh_from_db()
    return text


@transaction.atomic
def release_mail(*, actor: Person, drop_before: date | None = None) -> int:
    """Send the mail that is held after a restore; return how many were dropped.

    Drops mails, and the mail of notifications, from before the day `drop_before` in the actor's zone.
    Raises NotAllowed, and WrongState when mail is not held.
    """
    can_release_mail.require(viewer_for(actor.pk))
    delivery = Delivery.objects.filter(pk=Delivery.ONLY).first()
    moment = None
    if drop_before is not None:
        moment = datetime.combine(drop_before, time(), tzinfo=zone_named(actor.zone))
    dropped = release(drop_before=moment)
    if moment is not None:
        dropped += drop_mail_before(moment)
    assert delivery is not None  # otherwise `release` raised WrongState
    facts = {"dropped": dropped, "drop_before": drop_before}
    record(actor, MailAct.RELEASED, delivery, facts=facts)
    enqueue_on_commit("notifications.tell")
    return dropped
