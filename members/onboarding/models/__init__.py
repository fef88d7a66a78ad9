"""Applications, agreements, invitations and proofs of addresses."""

from members.onboarding.models.agreements import Acceptance, AgreementVersion
from members.onboarding.models.applications import (
    Application,
    ApplicationCheck,
    ApplicationMatch,
    ApplicationNote,
)
from members.onboarding.models.invitations import AddressProof, Invitation
