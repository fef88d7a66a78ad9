"""Drafting and adopting a group's charter; every version is kept.

draft ──adopt──▶ adopted (in force until the next one is)
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, WrongState
from common.record.actions import record
from common.text.markdown import TextKind, render
from common.text.rendered import HTML_FIELDS, html_fields
from common.times import ended, since
from members.people.models import Person
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.choices import CharterAct, CharterState, GroupState
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.notifications import CharterAdopted, notify_in
from workinggroups.groups.permissions import (
    can_adopt_charter,
    can_adopt_first_charter,
    can_draft_charter,
    can_edit_charter,
)
from workinggroups.groups.rules import DEFAULT, Rules, check_rules, rules_of_form


def draft_charter(
    *,
    actor: Person,
    group: Group,
    source: str,
    rules: Rules = DEFAULT,
    expires_on: date | None = None,
) -> CharterVersion:
    """Create the draft of the group's next charter. Raises WrongState while there is a draft.

    For the chairs; for staff as long as the group never had a charter. Raises Invalid for a text
    that cannot be rendered and for rules that no group can have.
    """
    check_rules(rules)
    html = render(source, TextKind.DOCUMENT)
    with transaction.atomic():
        group = lock_group(group)
        latest = group.charters.first()
        can_draft_charter.require(viewer_for(actor.pk), group, is_first=latest is None)
        if latest is not None and latest.state == CharterState.DRAFT:
            raise WrongState(_("There is already a draft. Edit that one."))
        return CharterVersion.objects.create(
            group=group,
            number=latest.number + 1 if latest else 1,
            source=source,
            **html_fields(html),
            **rules.as_columns(),
            expires_on=expires_on,
            author=actor,
        )


def edit_charter(
    *,
    actor: Person,
    charter: CharterVersion,
    source: str,
    rules: Rules,
    expires_on: date | None,
    read_at: str,
) -> CharterVersion:
    """Change the draft. `read_at` is the ISO time of the last edit that the actor has read.

    Raises WrongState for an adopted version, Conflict where the draft was edited since, and Invalid
    as `draft_charter` does.
    """
    check_rules(rules)
    html = render(source, TextKind.DOCUMENT)
    with transaction.atomic():
        group = lock_group(charter.group)
        can_edit_charter.require(viewer_for(actor.pk), group)
        charter = CharterVersion.objects.get(pk=charter.pk)
        _require_draft(charter)
        _require_free(charter)
        if charter.edited_at.isoformat() != read_at:
            raise Conflict(
                _("Someone else edited the draft while you were writing. Compare before you save.")
            )
        charter.source = source
        charter.set_html(html)
        columns = {**rules.as_columns(), "expires_on": expires_on, "edited_at": timezone.now()}
        for name, value in columns.items():
            setattr(charter, name, value)
        charter.save(update_fields=["source", *HTML_FIELDS, *columns])
    return charter


def adopt_charter(
    *, actor: Person | None, charter: CharterVersion, decision_uuid: UUID | None = None
) -> CharterVersion:
    """Put this draft in force in place of the charter before it; a forming group becomes active.

    `decision_uuid` is the group's decision to adopt it; without one only staff adopt, and only the
    first charter. `actor` is None for a ballot whose result is stated by rule. Raises NotAllowed and
    WrongState. Records the rules, and the checksum of text and rules; notifies the members.
    """
    with transaction.atomic():
        group = lock_group(charter.group)
        charter = CharterVersion.objects.get(pk=charter.pk)
        _require_draft(charter)
        in_force = group.charters.in_force().first()
        viewer = viewer_for(actor.pk if actor else None)
        if decision_uuid is None:
            if in_force is not None:
                raise WrongState(_("Only a decision of the group can adopt its next charter."))
            can_adopt_first_charter.require(viewer)
        else:
            # A ballot whose result is stated by rule has no actor.
            if actor:
                can_adopt_charter.require(viewer, group)
            require_running(group)
        now = timezone.now()
        if in_force is not None:
            in_force.during = ended(in_force.during, now)
            in_force.save(update_fields=["during"])
        charter.state, charter.adopted_by, charter.during = CharterState.ADOPTED, actor, since(now)
        charter.save(update_fields=["state", "adopted_by", "during"])
        if group.state == GroupState.FORMING:
            group.state = GroupState.ACTIVE
            group.save(update_fields=["state"])
        facts = adoption_facts(group, charter, decision_uuid)
        record(actor, CharterAct.ADOPTED, charter, facts=facts)
        adopted = CharterAdopted(group=group.pk, number=charter.number)
        notify_in(group, actor, adopted, cause=charter.uuid)
    return charter


def adoption_facts(
    group: Group, charter: CharterVersion, decision_uuid: UUID | None
) -> dict[str, object]:
    """Return what the record says of a charter's adoption."""
    return {
        "group": group.uuid,
        "number": charter.number,
        "form": charter.form,
        "rules": rules_of_form(charter.rules, charter.form),
        "sha256": charter.checksum,
        "decision": decision_uuid,
    }


# Whether an app in a layer above holds the draft, such as for a ballot; it says why.
Hold = Callable[[CharterVersion], str]
_holds: list[Hold] = []


def hold_charters(hold: Hold) -> None:
    """Let an app say why a draft cannot be edited now, or "". Called from `apps.ready`."""
    _holds.append(hold)


def _require_free(charter: CharterVersion) -> None:
    for hold in _holds:
        if reason := hold(charter):
            raise WrongState(reason)


def _require_draft(charter: CharterVersion) -> None:
    if charter.state != CharterState.DRAFT:
        raise WrongState(_("This version was adopted and cannot be changed. Draft a new one."))
