"""The large alliance of `bench/large`, added beside the small demo."""

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _

from bench.large.building import build
from bench.large.progress import Progress
from bench.large.sizes import Sizes
from demo.cast import CAST

# People of the cast who get seats in the groups that are measured.
GUESTS = [role.email for role in CAST if role.code in ("chair", "member", "representative")]


def add_large(out: OutputWrapper) -> None:
    """Add the large alliance to the demo that was just loaded; report how far it is, and the end."""
    sizes, progress = Sizes(), Progress(out)
    build(sizes, progress, guests=GUESTS)
    out.write(
        _(
            "And %(organizations)d organizations, %(people)d people, %(groups)d groups more, in %(seconds)d s."
        )
        % {
            "organizations": sizes.organizations,
            "people": sizes.people,
            "groups": sizes.groups,
            "seconds": progress.seconds,
        }
    )
