"""Find organizations that an applicant may be, or be a part of.

The database proposes candidates (trigrams of all names, domains, website, the named parent), and
Python compares field by field, so that staff see why. Staff decide (`actions/screening.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import FloatField, Max, Q, Value
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils.translation import gettext as _

from common.mail.spelling import spelled_domain
from common.names import look_alike, look_alike_keys, name_contains, name_words, same_name, sort_key
from members.onboarding.choices import NAME_ALIKE, MatchOutcome
from members.onboarding.models import Application
from members.organizations.models import Organization
from members.organizations.queries import left_at, named_like

# Words of a name that say what kind of organization it is, not which one.
LEGAL_FORMS = {
    *("ag", "asbl", "bv", "co", "company", "corp", "corporation", "ev", "foundation", "gmbh"),
    *("group", "holding", "inc", "incorporated", "kk", "limited", "llc", "llp", "ltd", "nv"),
    *("oy", "plc", "pte", "pty", "sa", "sarl", "sas", "se", "spa", "srl", "the"),
}
# The database proposes at most this many organizations, with at least this share of trigrams.
PROPOSALS_MAX = 20
PROPOSED_ALIKE = 0.3
CANDIDATES_MAX = 5
# A match of this weight means that the two are probably the same organization.
LIKELY = 4
# Only this many of the newest undecided applications are compared with each other.
QUEUE_MAX = 1000


@dataclass(frozen=True)
class Match:
    """One field in which the two agree, and the sentence that says how."""

    field: str
    sentence: str
    weight: int


@dataclass
class Candidate:
    """An organization that looks like the application."""

    organization: Organization
    matches: list[Match] = field(default_factory=list)
    outcome: str = ""

    @property
    def fields(self) -> set[str]:
        return {match.field for match in self.matches}

    @property
    def weight(self) -> int:
        return sum(match.weight for match in self.matches)

    @property
    def is_likely(self) -> bool:
        """Whether the two have, or seem to have, a name or e-mail domain in common."""
        return any(match.weight >= LIKELY for match in self.matches)

    @property
    def former_until(self) -> datetime | None:
        """When the organization left; None for a present member and one that never was a member."""
        return left_at(self.organization)

    @property
    def outcome_label(self) -> str:
        return str(MatchOutcome(self.outcome).label) if self.outcome else ""

    @property
    def names(self) -> str:
        return ", ".join(other.name for other in self.organization.other_names.all())

    @property
    def domains(self) -> str:
        return ", ".join(entry.domain for entry in self.organization.domains.all())


def candidates(application: Application) -> list[Candidate]:
    """Return the candidates, the likeliest first, each with the outcome that staff recorded."""
    outcomes = dict(application.matches.values_list("organization_id", "outcome"))
    compared = []
    for organization in _proposed(application, list(outcomes)):
        matches = _matches(application, organization)
        outcome = outcomes.get(organization.pk, "")
        if matches or outcome:
            compared.append(Candidate(organization, matches, outcome))
    compared.sort(key=lambda candidate: (-candidate.weight, candidate.organization.sort_name))
    return compared[:CANDIDATES_MAX]


def same_in_queue(application: Application) -> list[Application]:
    """Return other undecided applications with this name or e-mail domain, oldest first."""
    others = Application.objects.undecided().exclude(pk=application.pk)
    keys, domains = _keys(application), _named_domains(application)
    same = [
        other
        for other in others.order_by("-received_at", "-pk")[:QUEUE_MAX]
        if keys & _keys(other) or domains & _named_domains(other)
    ]
    return same[::-1]


def bare_name(name: str) -> str:
    """Return the normalized words of a name, without its legal form."""
    words = name_words(name.replace(".", ""))
    kept = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(kept or words)


def alike(one: str, other: str) -> float:
    """Return the share of trigrams (0 to 1) that two bare names have in common, as pg_trgm does."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def is_under(domain: str, parent: str) -> bool:
    """Return whether `domain` is `parent` or a subdomain of it."""
    return domain == parent or domain.endswith(f".{parent}")


def host_of(url: str) -> str:
    """Return the host of a website without `www.`; "" if there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return spelled_domain(host).removeprefix("www.")


def _proposed(application: Application, decided: list[int]) -> Iterable[Organization]:
    names = _names(application)
    domains = _domains(application)
    upwards = {".".join(domain.split(".")[index:]) for domain in domains for index in range(3)}
    look_alikes = named_like(application.names, besides=application.organization_id)
    wanted = Q(pk__in=[*decided, *look_alikes]) | Q(alike__gte=PROPOSED_ALIKE)
    wanted |= Q(domains__domain__in={domain for domain in upwards if "." in domain})
    for domain in domains:
        wanted |= Q(domains__domain__endswith=f".{domain}")
    if host := host_of(application.website):
        wanted |= Q(website__icontains=host)
    for name in (*names, application.parent):
        if name_words(name):
            wanted |= name_contains(name) | name_contains(name, "other_names__search_name")
    query = Organization.objects.annotate(alike=_likeness(names)).filter(wanted)
    if application.organization_id:
        # The organization that came from this application is no duplicate of it.
        query = query.exclude(pk=application.organization_id)
    ids = query.values("pk").annotate(best=Max("alike")).order_by("-best", "pk")[:PROPOSALS_MAX]
    proposed = {row["pk"] for row in ids} | look_alikes.keys()
    return Organization.objects.filter(pk__in=proposed).prefetch_related(
        "other_names", "domains", "memberships"
    )


def _likeness(names: list[str]) -> Greatest:
    columns = ["sort_name", "other_names__sort_name"]
    each = [
        Coalesce(TrigramSimilarity(column, name), Value(0.0), output_field=FloatField())
        for name in names
        for column in columns
    ]
    legal = [TrigramSimilarity(Lower("legal_name"), name) for name in names]
    return Greatest(*each, *legal, Value(0.0), output_field=FloatField())


def _matches(application: Application, organization: Organization) -> list[Match]:
    matches = [
        _name_match(application, organization),
        _domain_match(application, organization),
        _website_match(application, organization),
        _parent_match(application, organization),
    ]
    return [match for match in matches if match]


def _name_match(application: Application, organization: Organization) -> Match | None:
    theirs, named = _names_of(organization), application.names
    for name in theirs:
        if any(same_name(name, ours) for ours in named if ours.strip()):
            return Match("name", _("The name is the same as “%(name)s”.") % {"name": name}, 4)
    for name in theirs:
        if any(look_alike(name, ours) for ours in named):
            return Match("name", _("The name looks like “%(name)s”.") % {"name": name}, 4)
    best, share = "", 0.0
    for name in theirs:
        for ours in named:
            common = alike(bare_name(ours), bare_name(name))
            if common > share:
                best, share = name, common
    if share == 1:
        return Match("name", _("The name is “%(name)s”, written differently.") % {"name": best}, 4)
    if share >= NAME_ALIKE:
        return Match("name", _("The name is similar to “%(name)s”.") % {"name": best}, 2)
    return None


def _domain_match(application: Application, organization: Organization) -> Match | None:
    for ours in _domains(application):
        for theirs in [entry.domain for entry in organization.domains.all()]:
            words = {"ours": ours, "theirs": theirs}
            if ours == theirs:
                return Match("domains", _("They use the e-mail domain %(ours)s.") % words, 4)
            if is_under(ours, theirs):
                return Match("domains", _("%(ours)s is under their domain %(theirs)s.") % words, 3)
            if is_under(theirs, ours):
                return Match("domains", _("Their domain %(theirs)s is under %(ours)s.") % words, 3)
    return None


def _website_match(application: Application, organization: Organization) -> Match | None:
    ours, theirs = host_of(application.website), host_of(organization.website)
    if ours and ours == theirs:
        return Match("website", _("Both websites are at %(host)s.") % {"host": ours}, 3)
    return None


def _parent_match(application: Application, organization: Organization) -> Match | None:
    if not application.parent:
        return None
    named = bare_name(application.parent)
    if any(alike(named, bare_name(name)) >= NAME_ALIKE for name in _names_of(organization)):
        return Match(
            "parent", _("The application names %(name)s as its parent.") % {"name": organization}, 3
        )
    return None


def _keys(application: Application) -> set[str]:
    named = [application.name, application.legal_name]
    named += [bare_name(name) for name in named]
    return {key for name in named for key in look_alike_keys(name)}


def _named_domains(application: Application) -> set[str]:
    return {spelled_domain(domain) for domain in application.lines_of("domains")}


def _names(application: Application) -> list[str]:
    return list(dict.fromkeys(key for name in application.names if (key := sort_key(name))))


def _names_of(organization: Organization) -> list[str]:
    others = [other.name for other in organization.other_names.all()]
    return [organization.name, organization.legal_name, *others]


def _domains(application: Application) -> list[str]:
    """Return the named e-mail domains; without any, those of the named people's addresses."""
    named = [spelled_domain(domain) for domain in application.lines_of("domains")]
    if not named:
        addresses = [application.representative_email, application.signatory_email]
        named = [
            spelled_domain(address.partition("@")[2]) for address in addresses if "@" in address
        ]
    return list(dict.fromkeys(named))


def _trigrams(text: str) -> set[str]:
    padded = [f"  {word} " for word in text.split()]
    return {word[index : index + 3] for word in padded for index in range(len(word) - 2)}
