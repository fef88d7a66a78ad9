"""Proving that an address is somebody's: a code is mailed, and comes back from the same browser."""

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
    """A code is on its way to the address, whether or not anybody here has it.

    `name` is kept for the account that the code may open. Where a limit forbids the mail
    (`is_mailed`), no code proves the address: else whoever asks often enough could guess one, three
    times for each that was never sent.
    """
    now = timezone.now()
    proof = AddressProof(
        address=spelled(address),
        name=" ".join(name.split()),
        created_at=now,
        expires_at=now + CODE_VALID,
    )
    code = get_adapter().generate_email_verification_code()
    known = normalize_user_code(code)
    # What is typed is compared without its spaces, so this is never typed.
    proof.code_digest = _digest(proof.uuid, known if is_mailed else f"unsent {known}")
    with transaction.atomic():
        proof.save()
        if is_mailed:
            mails.queue_code(to_address=proof.address, purpose="confirm_address", code=code)
    return proof


def prove_address(*, uuid: UUID | str | None, code: str) -> AddressProof:
    """The address is proved, once, by the code that was mailed to it.

    Raises WrongState when the code has run out, was used, or was guessed wrongly three times, and
    Invalid for a wrong one. A wrong guess is counted before it is answered, also when many arrive
    at once.
    """
    over = WrongState(_("This code is no longer valid. Ask for a new one."))
    proof = AddressProof.objects.filter(uuid=uuid).first() if uuid else None
    if proof is None:
        raise over
    usable = AddressProof.objects.filter(
        pk=proof.pk,
        proved_at__isnull=True,
        expires_at__gt=timezone.now(),
        wrong_attempts__lt=CODE_ATTEMPTS,
    )
    typed = _digest(proof.uuid, normalize_user_code(code))
    if not constant_time_compare(proof.code_digest, typed):
        if not usable.update(wrong_attempts=F("wrong_attempts") + 1):
            raise over
        raise Invalid(_("This is not the code we sent. Check the latest e-mail."), field="code")
    if not usable.update(proved_at=timezone.now()):
        raise over
    return proof


def person_behind(*, proof: AddressProof) -> tuple[Person, bool]:
    """The person whose address was just proved, and whether the account is new.

    An account that named the address and never proved it may have been made by somebody else: it
    becomes the prover's, and its password stops working.
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
            # This also ends every visit that began with the old one.
            claimed.save(update_fields=["password"])
        _confirm(claimed, proof.address)
        return claimed, False


def add_address(*, actor: Person, proof: AddressProof) -> None:
    """The proved address belongs to the actor's account, beside the ones it has.

    Raises WrongState when another account has it.
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
    """The addresses that the person has proved, in their one spelling."""
    found = EmailAddress.objects.filter(user=person, verified=True)
    return {spelled(address) for address in found.values_list("email", flat=True)}


def forget_old_proofs() -> int:
    """Codes that ran out more than a day ago are gone, with the addresses typed for them."""
    long_over = timezone.now() - CODE_VALID * 96
    deleted, _each = AddressProof.objects.filter(expires_at__lt=long_over).delete()
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
