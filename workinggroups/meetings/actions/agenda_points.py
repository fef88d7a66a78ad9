"""What items of agendas and of templates have in common: their columns and their order."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.text.markdown import TextKind, render
from common.text.rendered import html_fields
from common.unseen import refuse_unseen
from workinggroups.meetings.choices import AGENDA_TEXT_MAX_CHARACTERS
from workinggroups.meetings.models.agenda import AgendaPoint


def point_columns(details: Mapping[str, object]) -> dict[str, object]:
    """Return the columns of an item, with its text as HTML.

    Raises Invalid for a title that cannot be read and a text that Markdown refuses.
    """
    columns = dict(details)
    refuse_unseen(title=str(columns["title"]))
    if "text" in columns:
        source = str(columns.pop("text")).replace("\r\n", "\n")
        if len(source) > AGENDA_TEXT_MAX_CHARACTERS:
            message = _("The description of an item can have at most %(count)d characters.")
            raise Invalid(message % {"count": AGENDA_TEXT_MAX_CHARACTERS}, "text")
        try:
            html = render(source, TextKind.POST)
        except Invalid as error:
            raise Invalid(error.message, "text") from error
        columns |= {"source": source, **html_fields(html)}
    return columns


def renumber(order: Sequence[AgendaPoint]) -> None:
    """Save the places of these items, which are all of one agenda or template, in this order."""
    for position, item in enumerate(order, start=1):
        item.position = position
    if order:
        type(order[0])._default_manager.bulk_update(order, ["position"])
