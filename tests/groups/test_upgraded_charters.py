"""Charters of before rules of voting, after the upgrade."""

from django.core.management import call_command

from tests import factories
from workinggroups.groups.choices import FORM_WITH_MINUTES_RULE
from workinggroups.groups.models import CharterVersion
from workinggroups.groups.voting_rules import VOTING_DEFAULT


def test_an_adopted_charter_keeps_its_checksum_and_a_draft_gets_the_default_rules(
    committed_db: str,
) -> None:
    group = factories.group(chair=factories.person())
    CharterVersion.objects.filter(state="draft").delete()
    old = factories.charter(group, form=FORM_WITH_MINUTES_RULE, correction_days=7)
    draft = factories.charter(group, state="draft")
    checksums = [version.checksum for version in (old, draft)]

    call_command("migrate", "groups", "0025", verbosity=0)
    call_command("migrate", "groups", verbosity=0)

    old.refresh_from_db()
    draft.refresh_from_db()
    assert (old.form, old.voting) == (FORM_WITH_MINUTES_RULE, {})
    assert (draft.form, draft.voting) == (4, VOTING_DEFAULT.as_json())
    assert [version.checksum for version in (old, draft)] == checksums
    assert old.rules.voting == draft.rules.voting == VOTING_DEFAULT
