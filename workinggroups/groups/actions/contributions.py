"""What the changes of posts and of comments on action items have in common."""

from django.utils import timezone

from common.errors import Invalid
from common.text import markdown
from common.text.rendered import HTML_FIELDS, copied_html_fields
from members.people.models import Person
from workinggroups.groups.contributions import Contribution


def rendered(source: str, *, if_empty: str) -> str:
    """Return clean HTML. Raises Invalid for an empty text and for one that cannot be rendered."""
    if not source.strip():
        raise Invalid(if_empty, "source")
    try:
        return markdown.render(source, markdown.TextKind.POST)
    except Invalid as error:
        raise Invalid(error.message, "source") from None


def former_text(contribution: Contribution) -> dict[str, object]:
    """Return what an edit keeps of the text before it, for `create`."""
    return {
        "version": contribution.version,
        "source": contribution.source,
        **copied_html_fields(contribution),
    }


def replace_text(contribution: Contribution, source: str, html: str) -> None:
    """Save the text as the next version of the contribution."""
    contribution.source = source
    contribution.set_html(html)
    contribution.version += 1
    contribution.edited_at = timezone.now()
    contribution.save(update_fields=["source", *HTML_FIELDS, "version", "edited_at"])


def set_hidden(contribution: Contribution, *, by: Person | None, reason: str = "") -> None:
    """Save who hid the contribution and why; None to show it again."""
    contribution.hidden_at = timezone.now() if by else None
    contribution.hidden_by, contribution.hidden_reason = by, reason
    contribution.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
