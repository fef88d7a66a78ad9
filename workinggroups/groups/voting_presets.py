"""Rules of voting that other bodies use, to choose from in a charter.

Each has an example with numbers; `tests/decisions/test_presets.py` counts exactly these.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workinggroups.groups.choices import Approval, VoteBase, VotesShown, VotingQuorum, VotingUnit
from workinggroups.groups.voting_rules import VOTING_DEFAULT, VotingRules


@dataclass(frozen=True, kw_only=True)
class VotingPreset:
    name: str
    label: Promise
    summary: Promise
    source: Promise
    example: Promise
    rules: VotingRules


PRESETS = (
    VotingPreset(
        name="majority_of_cast",
        label=_("Majority of the votes cast"),
        summary=_("A proposal passes with more votes for than against, whoever takes part."),
        source=_("Open Container Initiative, charter, section 4 (Trademark Board)"),
        example=_(
            "12 members can vote: 5 are for, 3 against, 2 abstain and 2 do not vote. 8 votes count, "
            "and 5 are more than half of them, so the proposal passes. With 4 for and 4 against it "
            "fails."
        ),
        rules=VOTING_DEFAULT,
    ),
    VotingPreset(
        name="majority_of_eligible",
        label=_("Majority of everyone who can vote"),
        summary=_(
            "A proposal passes when more than half of everyone who can vote is for it, so a vote "
            "that is not cast works like one against."
        ),
        source=_("OASIS, Technical Committee handbook (Full Majority Vote)"),
        example=_(
            "20 members can vote, so 11 have to be for the proposal. 11 for and 9 who do not vote "
            "is enough; 10 for and none against is not."
        ),
        rules=VotingRules(base=VoteBase.ELIGIBLE),
    ),
    VotingPreset(
        name="two_thirds_of_cast",
        label=_("Two thirds of the votes cast"),
        summary=_("A proposal needs twice as many votes for as against; abstentions do not count."),
        source=_("Open Container Initiative, Technical Oversight Board (voting)"),
        example=_(
            "Of 9 members 6 are for and 3 against: exactly two thirds, so the proposal passes. With "
            "5 for, 3 against and 1 abstention, 5 of 8 is less than two thirds, so it fails."
        ),
        rules=VotingRules(approval=Approval.TWO_THIRDS),
    ),
    VotingPreset(
        name="lazy_consensus",
        label=_("Lazy consensus"),
        summary=_("A proposal passes if nobody objects within 7 days: silence counts as consent."),
        source=_(
            "Apache Software Foundation, lazy consensus (there usually 72 hours); CVE Automation "
            "Working Group, charter (tacit acceptance)"
        ),
        example=_(
            "Of 12 members 2 are for and 10 say nothing within 7 days, so the proposal passes. One "
            "vote against is enough to stop it, and one wish to discuss holds it up."
        ),
        rules=VotingRules(approval=Approval.UNANIMITY, silence_is_consent=True),
    ),
    VotingPreset(
        name="ieee",
        label=_("75/75/30 with balanced interests"),
        summary=_(
            "Three quarters have to vote, three quarters of the votes for and against have to be "
            "for, and less than 30 % of the votes can be abstentions; no interest category can be "
            "more than a third of those who can vote."
        ),
        source=_("IEEE Standards Association, The Balloting Process"),
        example=_(
            "Of 40 members 30 vote, which is exactly 75 %: 18 for, 6 against, 6 abstain. 18 of 24 is "
            "75 %, and 6 of 30 is 20 %, so the proposal passes. With 9 abstentions, 30 %, it fails; "
            "with 29 votes nothing is decided. With 14 producers among the 40, it could not open."
        ),
        rules=VotingRules(
            approval=Approval.THREE_QUARTERS,
            quorum=VotingQuorum.THREE_QUARTERS,
            abstain_limit_percent=30,
            category_limit_percent=33,
            open_days=30,
            extension_days=10,
            reminder_days=(14, 7, 3),
        ),
    ),
    VotingPreset(
        name="capped",
        label=_("At most 25 % for one organization"),
        summary=_(
            "Each person votes, but the votes of one organization are never more than a quarter of "
            "those counted."
        ),
        source=_("CVE Automation Working Group, charter (membership)"),
        example=_(
            "6 people of one organization are for; of 4 others, each from a different organization, "
            "all are against. The 6 votes count as 1 1/3, a quarter of 5 1/3, so the proposal fails "
            "with 1 1/3 to 4."
        ),
        rules=VotingRules(unit=VotingUnit.PERSONS, cap_percent=25),
    ),
    VotingPreset(
        name="two_seats",
        label=_("At most two seats for one employer"),
        summary=_(
            "Each person votes, but at most two votes of people with the same employer count."
        ),
        source=_(
            "Knative, Steering Committee charter; Open Container Initiative, charter, section 6"
        ),
        example=_(
            "Of 9 people 3 work for the same employer, so 8 votes can count. If those 3 are for and "
            "2 others too, 4 votes are for; with 4 against the proposal fails, with 3 against it "
            "passes. The third vote of the employer is set aside."
        ),
        rules=VotingRules(
            unit=VotingUnit.PERSONS, seats_per_employer=2, quorum=VotingQuorum.MAJORITY
        ),
    ),
    VotingPreset(
        name="attending",
        label=_("Quorum of those who attend"),
        summary=_(
            "Everyone votes, but the quorum is more than half of those who attended one of the last "
            "three meetings."
        ),
        source=_("GraphQL Technical Steering Committee, voting process"),
        example=_(
            "6 of 11 people attended one of the last three meetings, so 4 of these 6 have to vote. 5 "
            "of them vote, and 3 of the others. Of these 8 votes, 5 have to be for the proposal."
        ),
        rules=VotingRules(
            unit=VotingUnit.PERSONS,
            quorum=VotingQuorum.ATTENDING,
            attending_meetings=3,
            attending_needed=1,
            open_days=3,
            shows=VotesShown.AS_CAST,
            reminder_days=(1,),
        ),
    ),
    VotingPreset(
        name="related",
        label=_("One vote for related organizations"),
        summary=_("Organizations that belong together, such as a subsidiary, have one vote."),
        source=_("W3C, Process Document (related Members)"),
        example=_(
            "Of 10 members 3 belong to one group of companies, so there are 8 votes. If 2 of the 3 "
            "vote for, the first of these votes counts and the other is set aside. With 3 more for "
            "and 4 against, it is 4 to 4, so the proposal fails."
        ),
        rules=VotingRules(one_vote_per_related_group=True),
    ),
)


def preset_named(name: str) -> VotingPreset | None:
    return next((preset for preset in PRESETS if preset.name == name), None)


def preset_of(rules: VotingRules) -> VotingPreset | None:
    """Return the preset with exactly these rules."""
    return next((preset for preset in PRESETS if preset.rules == rules), None)
