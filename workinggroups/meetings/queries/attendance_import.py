"""Who the participants of a video call are: people of the group, guests, or nobody."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.access import Viewer
from common.names import equality_key, name_words, sort_key
from members.organizations.models import Affiliation, Organization
from workinggroups.groups.models import Seat
from workinggroups.meetings.attendance_lists import Participant
from workinggroups.meetings.choices import AttendanceState, ListedAs, NotAttending
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.participant_names import SplitName

BY_ADDRESS = _("By the address")
BY_NAME = _("By the name")
IS_PRESENT = _("Recorded as present already")
# Left out even under the address of a person of the group.
NEVER = {NotAttending.PROGRAM, NotAttending.WAITING}


@dataclass(frozen=True)
class Attendee:
    """Someone whom an officer can record as present."""

    pk: int
    name: str
    organization: str
    is_present: bool


class Attendees:
    """Everybody with a seat, an answer or recorded attendance, each under a label of their own.

    The label is the name; of several people of one name, with organization and if need be a number.
    """

    def __init__(self, people: Iterable[Attendee]) -> None:
        self.people = sorted(people, key=lambda each: each.pk)
        self.labels: dict[int, str] = {}
        self._by_key: dict[str, Attendee] = {}
        self._by_words: dict[tuple[str, ...], list[Attendee]] = defaultdict(list)
        names = Counter(equality_key(each.name) for each in self.people)
        for each in self.people:
            is_only = names[equality_key(each.name)] == 1
            name = each.name if is_only else str(SplitName(each.name, each.organization))
            label, number = name, 2
            while equality_key(label) in self._by_key:
                label, number = f"{name} {number}", number + 1
            self.labels[each.pk] = label
            self._by_key[equality_key(label)] = each
            self._by_words[_words(each.name)].append(each)

    @property
    def options(self) -> list[str]:
        """Return all labels in the order of the alphabet."""
        return sorted(self.labels.values(), key=sort_key)

    def named(self, *names: str) -> list[Attendee]:
        """Return who has one of these names, in any order of its words, as in "Lovelace, Ada"."""
        keys = {_words(name) for name in names} - {()}
        people = {each.pk: each for key in keys for each in self._by_words.get(key, [])}
        return list(people.values())

    def called(self, words: str) -> list[Attendee]:
        """Return who has this label, else this name, else these words in their name."""
        if labelled := self._by_key.get(equality_key(words)):
            return [labelled]
        wanted = set(name_words(words))
        having = (each for each in self.people if wanted <= set(name_words(each.name)))
        return self.named(words) or (list(having) if wanted else [])


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(name_words(name)))


def attendees_of(meeting: Meeting) -> Attendees:
    """Return everybody whom an officer can record as present. Two queries."""
    people: dict[int, Attendee] = {}
    seats = Seat.objects.filter(group=meeting.group_id, person__is_active=True)
    for pk, name, organization in seats.values_list(
        "person_id", "person__name", "organization__name"
    ):
        people[pk] = Attendee(pk, name, organization or "", is_present=False)
    rows = meeting.attendance.values_list(
        "person_id", "person__name", "organization__name", "state"
    )
    for pk, name, organization, state in rows:
        is_present = state == AttendanceState.PRESENT
        people[pk] = Attendee(pk, name, organization or "", is_present)
    return Attendees(people.values())


@dataclass(frozen=True)
class Proposal:
    """As what a participant would be imported: a person by label, a guest, or nobody, and why."""

    participant: Participant
    listed_as: ListedAs
    who: str
    why: "str | Promise" = ""


def match_participants(
    meeting: Meeting, viewer: Viewer, participants: Iterable[Participant], attendees: Attendees
) -> list[Proposal]:
    """Return a proposal for each participant. Three queries.

    A person of the group is known by a confirmed address, else by a name that only one of them has.
    Outside the group an address is known only where the viewer can see the person's address: anybody
    else is a guest, whether they have an account or not.
    """
    participants = list(participants)
    addresses = {each.address for each in participants if each.address}
    by_address = _attendees_by_address(addresses, attendees)
    seen_addresses = _people_whose_address_is_seen(addresses, viewer)
    guests = {equality_key(guest.name) for guest in meeting.guests.all() if guest.name}
    taken: set[str] = set()
    rows: dict[int, Proposal] = {}
    # Whoever is known by the address is known before somebody else of the same name.
    order = sorted(enumerate(participants), key=lambda each: each[1].address not in by_address)
    for place, one in order:
        person, why = by_address.get(one.address), BY_ADDRESS
        if person is None and one.why_not is None:
            person, why = _only(attendees.named(*_names(one))), BY_NAME
        guest = seen_addresses.get(one.address, one.split)
        who = attendees.labels[person.pk] if person else str(guest)
        if one.why_not in NEVER or (one.why_not is not None and person is None):
            rows[place] = _left_out(one, who, one.why_not)
        elif not who:
            rows[place] = _left_out(one, who, NotAttending.NAMELESS)
        elif person is None and equality_key(guest.name) in guests:
            rows[place] = _left_out(one, who, NotAttending.LISTED)
        elif (key := f"{person is None} {equality_key(who)}") in taken:
            rows[place] = _left_out(one, who, NotAttending.SAME)
        elif person is not None:
            taken.add(key)
            why = IS_PRESENT if person.is_present else why
            rows[place] = Proposal(one, ListedAs.PERSON, who, why)
        else:
            taken.add(key)
            rows[place] = Proposal(one, ListedAs.GUEST, who)
    return [rows[place] for place in range(len(participants))]


def _left_out(participant: Participant, who: str, why: NotAttending | None) -> Proposal:
    return Proposal(participant, ListedAs.NOBODY, who, why.label if why else "")


def _names(participant: Participant) -> tuple[str, ...]:
    return participant.shown_name, participant.split.name, participant.original_name


def _only(people: Sequence[Attendee]) -> Attendee | None:
    return people[0] if len(people) == 1 else None


def _attendees_by_address(addresses: set[str], attendees: Attendees) -> dict[str, Attendee]:
    """Return the people of the meeting by those of the addresses that they have confirmed."""
    by_pk = {each.pk: each for each in attendees.people}
    confirmed = EmailAddress.objects.filter(
        email__in=addresses, verified=True, user_id__in=list(by_pk)
    )
    return {email: by_pk[pk] for email, pk in confirmed.values_list("email", "user_id")}


def _people_whose_address_is_seen(addresses: set[str], viewer: Viewer) -> dict[str, SplitName]:
    """Return name and organization of people whose address the viewer can see, by that address.

    These are the people of the organizations for which the viewer acts; staff see all.
    """
    if not viewer.is_staff and (viewer.read_only or not viewer.represented_ids):
        return {}
    affiliations = Affiliation.objects.current().filter(
        person__is_active=True,
        person__emailaddress__email__in=addresses,
        person__emailaddress__verified=True,
        organization__in=Organization.objects.visible_to(viewer).values("pk"),
    )
    if not viewer.is_staff:
        affiliations = affiliations.filter(organization__in=viewer.represented_ids)
    rows = affiliations.order_by("-pk").values_list(
        "person__emailaddress__email", "person__name", "organization__name"
    )
    return {email: SplitName(name, organization) for email, name, organization in rows if name}
