"""The checklist of an application, and the notes of staff about it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from members.onboarding.choices import (
    CHECKS_BY_ACT,
    SCREENING_DUE,
    ApplicationAct,
    Check,
    CheckState,
)
from members.onboarding.models import Application, ApplicationCheck, ApplicationNote
from members.onboarding.permissions import can_process
from members.people.models import Person


def begin_checklist(*, application: Application) -> None:
    """Create every item of the checklist; "complete" is done, since the application was sent."""
    now = timezone.now()
    ApplicationCheck.objects.bulk_create(
        ApplicationCheck(
            application=application,
            position=position,
            code=code,
            state=CheckState.DONE if code == Check.COMPLETE else CheckState.OPEN,
            done_at=now if code == Check.COMPLETE else None,
            due_on=(now + SCREENING_DUE).date() if code == Check.SCREENING else None,
        )
        for position, code in enumerate(Check.values)
    )


def settle(*, actor: Person, check: ApplicationCheck, state: str) -> ApplicationCheck:
    """Set the item to done, not needed, or open again.

    Raises WrongState for items that another action completes, such as a signature.
    """
    can_process.require(viewer_for(actor.pk), check.application)
    if check.code in CHECKS_BY_ACT:
        raise WrongState(_("This checklist item is completed automatically."))
    if state not in CheckState.values:
        raise Invalid(_("Choose one of the answers."), field="state")
    with transaction.atomic():
        return _settle(actor, check, CheckState(state))


def settle_by_act(*, actor: Person, application: Application, code: Check) -> None:
    """Complete the item after the act it asks for."""
    check = application.checks.filter(code=code).first()
    if check is not None and check.state != CheckState.DONE:
        _settle(actor, check, CheckState.DONE)


def assign(
    *, actor: Person, check: ApplicationCheck, owner: Person | None, due_on: date | None
) -> ApplicationCheck:
    """Set the owner (one of staff) and the due day of the item; each can be None."""
    can_process.require(viewer_for(actor.pk), check.application)
    if owner is not None and not owner.is_staff:
        raise Invalid(_("Choose a member of staff."), field="owner")
    check.owner = owner
    check.due_on = due_on
    check.save(update_fields=["owner", "due_on"])
    return check


def assign_application(*, actor: Person, application: Application, owner: Person) -> None:
    """Assign the application to a member of staff."""
    can_process.require(viewer_for(actor.pk), application)
    if not owner.is_staff:
        raise Invalid(_("Choose a member of staff."), field="owner")
    application.owner = owner
    application.save(update_fields=["owner"])


def add_note(*, actor: Person, application: Application, text: str) -> ApplicationNote:
    """Add a note that only staff can read."""
    can_process.require(viewer_for(actor.pk), application)
    if not text.strip():
        raise Invalid(_("Write the note first."), field="text")
    return ApplicationNote.objects.create(application=application, author=actor, text=text.strip())


def _settle(actor: Person, check: ApplicationCheck, state: CheckState) -> ApplicationCheck:
    locked = ApplicationCheck.objects.select_for_update().get(pk=check.pk)
    is_open = state == CheckState.OPEN
    locked.state = state
    locked.done_at = None if is_open else timezone.now()
    locked.done_by = None if is_open else actor
    locked.save(update_fields=["state", "done_at", "done_by"])
    facts = {"line": locked.code, "state": state}
    record(actor, ApplicationAct.CHECK_SETTLED, locked.application, facts=facts)
    return locked
