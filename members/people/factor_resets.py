"""Reset the second factor of a person who has lost phone and recovery codes.

| state     | done_at | withdrawn_at | becomes         | by                                         |
|-----------|---------|--------------|-----------------|--------------------------------------------|
| open      |         |              | done, withdrawn | a second staff member; any staff           |
| done      | set     |              |                 |                                            |
| withdrawn |         | set          |                 |                                            |

A reset is done at once, unless the person is staff and at least two others are.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from members.people import mails
from members.people.actions import end_access
from members.people.choices import PersonAct
from members.people.models import Person, SecondFactorReset
from members.people.permissions import (
    can_agree_to_reset,
    can_reset_second_factor,
    can_withdraw_reset,
)


def reset_second_factor(*, actor: Person, person: Person, reason: str) -> SecondFactorReset:
    """Remove every second factor of the person and end their sign-ins and tokens.

    Mails all confirmed addresses of the person. Where the person is staff, and at least two others
    are, the reset stays open until a second staff member agrees, and the other staff are mailed
    instead. Raises NotAllowed; Invalid without a reason; WrongState for a closed account, for a
    person without a second factor, or while a reset is open.
    """
    can_reset_second_factor.require(viewer_for(actor.pk), person)
    if not reason.strip():
        raise Invalid(_("Give a reason. The person will see it."), field="reason")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.closed_at is not None:
            raise WrongState(_("This account is closed."))
        if not Authenticator.objects.filter(user=person).exists():
            raise WrongState(_("This person has no second factor."))
        if open_reset(person) is not None:
            raise WrongState(_("A reset is already waiting for a second member of staff."))
        reset = SecondFactorReset.objects.create(
            person=person, asked_by=actor, reason=reason.strip()
        )
        if needs_second_agreement(person):
            record(actor, PersonAct.SECOND_FACTOR_RESET_ASKED, person, facts={"reset": reset.uuid})
            _mail_staff(reset)
        else:
            _carry_out(actor, reset)
    return reset


def agree_to_reset(*, actor: Person, reset: SecondFactorReset) -> SecondFactorReset:
    """Carry out a reset that another staff member asked for.

    Raises NotAllowed for the staff member who asked and for the person whose factor it is;
    WrongState for a reset that is done or withdrawn, or whose asker is no longer staff.
    """
    can_agree_to_reset.require(viewer_for(actor.pk), reset)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=reset.person_id)
        locked = _locked_open(reset)
        if not (locked.asked_by.is_staff and locked.asked_by.is_active):
            raise WrongState(
                _("The person who asked for this reset is no longer staff. Withdraw it.")
            )
        locked.agreed_by = actor
        _carry_out(actor, locked)
    return locked


def withdraw_reset(*, actor: Person, reset: SecondFactorReset) -> SecondFactorReset:
    """Withdraw an open reset. Raises NotAllowed, and WrongState for a reset that is not open."""
    can_withdraw_reset.require(viewer_for(actor.pk), reset)
    with transaction.atomic():
        locked = _locked_open(reset)
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        record(
            actor,
            PersonAct.SECOND_FACTOR_RESET_WITHDRAWN,
            locked.person,
            facts={"reset": locked.uuid},
        )
    return locked


def open_reset(person: Person) -> SecondFactorReset | None:
    """Return the reset of this person that waits for a second staff member."""
    return _open().filter(person=person).select_related("asked_by", "person").first()


def open_resets() -> list[SecondFactorReset]:
    """Return every reset that waits for a second staff member, oldest first."""
    return list(_open().select_related("asked_by", "person").order_by("asked_at"))


def needs_second_agreement(person: Person) -> bool:
    """Return whether the person is staff and at least two others are, so that two can agree."""
    return person.is_staff and _other_staff(person).count() >= 2


def _carry_out(actor: Person, reset: SecondFactorReset) -> None:
    person = reset.person
    kinds = (
        Authenticator.objects.filter(user=person).order_by("type").values_list("type", flat=True)
    )
    record(
        actor,
        PersonAct.SECOND_FACTOR_RESET,
        person,
        facts={"reset": reset.uuid, "kinds": list(kinds)},
    )
    Authenticator.objects.filter(user=person).delete()
    end_access(actor=actor, person=person)
    reset.done_at = timezone.now()
    reset.save(update_fields=["agreed_by", "done_at"])
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    addresses = {person.email, *confirmed.values_list("email", flat=True)}
    for address in sorted(addresses):
        mails.queue(
            kind=mails.SECOND_FACTOR_RESET,
            to_address=address,
            facts={"by": str(reset.asked_by), "reason": reset.reason},
        )


def _mail_staff(reset: SecondFactorReset) -> None:
    for colleague in _other_staff(reset.person).exclude(pk=reset.asked_by_id):
        mails.queue(
            kind=mails.SECOND_FACTOR_RESET_ASKED,
            to_address=colleague.email,
            facts={
                "by": str(reset.asked_by),
                "person": str(reset.person),
                "person_uuid": str(reset.person.uuid),
                "reason": reset.reason,
            },
        )


def _other_staff(person: Person) -> QuerySet[Person]:
    return Person.objects.active().filter(is_staff=True).exclude(pk=person.pk)


def _open() -> QuerySet[SecondFactorReset]:
    return SecondFactorReset.objects.filter(done_at__isnull=True, withdrawn_at__isnull=True)


def _locked_open(reset: SecondFactorReset) -> SecondFactorReset:
    locked = SecondFactorReset.objects.select_for_update().get(pk=reset.pk)
    if locked.done_at is not None or locked.withdrawn_at is not None:
        raise WrongState(_("This reset is no longer open."))
    return locked
