"""What the roof itself changes: the texts of the site."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.desk.models import SiteText
from common.errors import Conflict, NotAllowed
from common.record.actions import write
from common.text.markdown import TextKind, render
from common.text.rendered import html_fields
from members.people.models import Person


@transaction.atomic
def edit_site_text(
    *, actor: Person, text: SiteText, title: str, source: str, version: int
) -> SiteText:
    """The page says this from now on. Staff only; raises Conflict if somebody saved meanwhile."""
    if not actor.is_staff:
        raise NotAllowed(_("Only staff edit the texts of the site."))
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
        raise Conflict(_("Somebody else saved this text while you were writing."))
    write(
        actor_uuid=actor.uuid,
        verb="edited",
        kind="site_text",
        object_uuid=text.uuid,
        facts={"version": version + 1},
    )
    text.refresh_from_db()
    return text
