"""What the doors on the way in keep in the session, and how often they open."""

from allauth.account.adapter import get_adapter

from common.web import throttle
from common.web.requests import Request
from members.onboarding.actions import addresses
from members.onboarding.models import AddressProof

PROOF = "address_proof"

# Codes to one address, and mails caused by one visitor's address on the network.
CODES_AN_ADDRESS = 5
MAILS_A_VISITOR = 20
PER_SECONDS = 3600


def mail_code(request: Request, *, address: str, name: str = "") -> AddressProof:
    """Mails a code to the address and ties it to this browser. Raises TooMany past the limits."""
    visitor = get_adapter().get_client_ip(request)
    throttle.check("mail", visitor, MAILS_A_VISITOR, PER_SECONDS)
    throttle.check("code", address.strip().lower(), CODES_AN_ADDRESS, PER_SECONDS)
    proof = addresses.mail_code(address=address, name=name)
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
