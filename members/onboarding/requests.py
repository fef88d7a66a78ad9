"""What the doors on the way in keep in the session."""

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
    """The address that a code was last mailed to from this browser, or nothing."""
    uuid = request.session.get(PROOF)
    proof = AddressProof.objects.filter(uuid=uuid).first() if uuid else None
    return proof.address if proof else ""


def prove_address(request: Request, *, code: str) -> AddressProof:
    """The address is proved by the code that was mailed from this browser."""
    proof = addresses.prove_address(uuid=request.session.get(PROOF), code=code)
    del request.session[PROOF]
    return proof
