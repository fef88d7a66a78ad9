"""Prove that an address is a person's: a mailed code comes back from the same browser."""

from datetime import timedelta
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import normalize_user_code
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from common.errors import Invalid, WrongState
from common.mail.spelling import spelled
from members.onboarding.choices import CODE_ATTEMPTS, CODE_VALID
from members.onboarding.models import AddressProof
from members.people import actions as people
from members.people import mails
from members.people.models import Person


def mail_code(*, address: str, name: str = "", is_mailed: bool = True) -> AddressProof:
    """Mail a code to the address, whether or not an account has it.

    `name` is kept for the account that the code may open. Without `is_mailed`, where a limit forbids
    the mail, no code proves the address; otherwise asking often would give three guesses at a code
    each time.
    """
    now = timezone.now()
    proof = AddressProof(
        address=spelled(address),
        name=" ".join(name.split()),
        created_at=now,
        expires_at=now + CODE_VALID,
    )
    code = get_adapter().generate_email_verification_code()
    expected = normalize_user_code(code)
    # A typed code is compared without its spaces, so it never matches one with a space.
    proof.code_digest = _digest(proof.uuid, expected if is_mailed else f"unsent {expected}")
    with transaction.atomic():
        proof.save()
        if is_mailed:
            mails.queue_code(to_address=proof.address, purpose="confirm_address", code=code)
    return proof


def prove_address(*, uuid: UUID | str | None, code: str) -> AddressProof:
    """Prove the address, once, by the code that was mailed to it.

    Raises WrongState for a code that has expired, was used, or was guessed wrongly three times;
    Invalid for a wrong code. Each wrong guess counts, also when many arrive at once.
    """
    no_longer_valid = WrongState(_("This code is no longer valid. Ask for a new one."))
    proof = AddressProof.objects.filter(uuid=uuid).first() if uuid else None
    if proof is None:
        raise no_longer_valid
    usable = AddressProof.objects.filter(
        pk=proof.pk,
        proved_at__isnull=True,
        expires_at__gt=timezone.now(),
        wrong_attempts__lt=CODE_ATTEMPTS,
    )
    typed = _digest(proof.uuid, normalize_user_code(code))
    if not constant_time_compare(proof.code_digest, typed):
        if not usable.update(wrong_attempts=F("wrong_attempts") + 1):
            raise no_longer_valid
        raise Invalid(_("This is not the code we sent. Check the latest e-mail."), field="code")
    if not usable.update(proved_at=timezone.now()):
        raise no_longer_valid
    return proof


def person_behind(*, proof: AddressProof) -> tuple[Person, bool]:
    """Return the person whose address was just proved, and whether the account is new.

    Creates an account for an unknown address. An account that named the address without proving it
    may have been opened by another person, so its password stops working.
    """
    with transaction.atomic():
        confirmed = EmailAddress.objects.filter(email__iexact=proof.address, verified=True)
        if known := confirmed.select_related("user").first():
            return known.user, False
        claimed = Person.objects.select_for_update().filter(email__iexact=proof.address).first()
        if claimed is None:
            person = people.create_person(
                actor=None, email=proof.address, name=proof.name, email_confirmed=True
            )
            return person, True
        if not EmailAddress.objects.filter(user=claimed, verified=True).exists():
            claimed.set_unusable_password()
            # This also ends every sign-in made with the old password.
            claimed.save(update_fields=["password"])
        _confirm(claimed, proof.address)
        return claimed, False


def add_address(*, actor: Person, proof: AddressProof) -> None:
    """Add the proved address to the actor's account.

    Raises WrongState when another account has the address.
    """
    with transaction.atomic():
        taken = EmailAddress.objects.filter(email__iexact=proof.address, verified=True)
        owner = taken.first()
        if owner is not None and owner.user_id != actor.pk:
            raise WrongState(
                _("This address belongs to another account. Sign out, then sign in with it.")
            )
        if owner is None:
            _confirm(actor, proof.address)


def confirmed_addresses(*, person: Person) -> set[str]:
    """Return the addresses that the person has proved, normalized."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    return {spelled(address) for address in confirmed.values_list("email", flat=True)}


def forget_old_proofs() -> int:
    """Delete proofs whose code expired more than a day ago; return how many."""
    a_day_ago = timezone.now() - timedelta(days=1)
    deleted, _by_model = AddressProof.objects.filter(expires_at__lt=a_day_ago).delete()
    return deleted


def _confirm(person: Person, address: str) -> None:
    EmailAddress.objects.update_or_create(
        user=person,
        email=address,
        defaults={
            "verified": True,
            "primary": not EmailAddress.objects.filter(user=person, primary=True).exists(),
        },
    )


def _digest(uuid: UUID, code: str) -> str:
    return salted_hmac("onboarding.address_proof", f"{uuid}:{code}", algorithm="sha256").hexdigest()
