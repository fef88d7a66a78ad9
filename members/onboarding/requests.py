"""Proofs of addresses, tied to the session of the browser."""

from common.http.requests import Request
from members.onboarding.actions import addresses
from members.onboarding.models import AddressProof
from members.people.anonymous_mail import may_mail

PROOF = "address_proof"


def mail_code(
    request: Request, *, address: str, name: str = "", is_invited: bool = False
) -> AddressProof:
    """Mail a code to the address and tie it to this browser.

    Past the limits of `may_mail` no mail goes out, and nothing else differs.
    """
    is_mailed = may_mail(request, address, is_invited=is_invited)
    proof = addresses.mail_code(address=address, name=name, is_mailed=is_mailed)
    request.session[PROOF] = str(proof.uuid)
    return proof


def mailed_to(request: Request) -> str:
    """Return the address that a code was last mailed to from this browser, or ""."""
    uuid = request.session.get(PROOF)
    proof = AddressProof.objects.filter(uuid=uuid).first() if uuid else None
    return proof.address if proof else ""


def prove_address(request: Request, *, code: str) -> AddressProof:
    """Prove the address by the code that was last mailed from this browser."""
    proof = addresses.prove_address(uuid=request.session.get(PROOF), code=code)
    del request.session[PROOF]
    return proof
