"""The steps of an application, each with one question, saved one by one."""

from dataclasses import dataclass
from typing import Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.http.form_handling import FormData, ModelForm, ModelFormOptions
from common.mail.spelling import spelled, spelled_domain
from common.unseen import fault_of
from common.vocabulary.countries import country_choices
from common.web_addresses import WebAddressField
from members.onboarding.duplicates import is_under
from members.onboarding.models import Application
from members.onboarding.registry import current_interests, interest_choices


class StepForm(ModelForm):
    """A step of the application `instance`, which the form reads and the action changes."""

    @classmethod
    def suggestions(cls, application: Application) -> dict[str, object]:
        """Return what an unanswered step shows in its fields until the applicant saves it."""
        return {}

    def _post_clean(self) -> None:
        """Leave the instance unchanged, which Django's method would fill."""

    def clean_domain_of(self, address: str, field: str) -> None:
        """Add an error for an address outside the domains of the organization, if it named any."""
        domains = self.instance.lines_of("domains")
        host = spelled_domain(address.partition("@")[2])
        if (
            address
            and domains
            and not any(is_under(host, spelled_domain(domain)) for domain in domains)
        ):
            words = {"domains": ", ".join(domains)}
            self.add_error(
                field,
                _("Use an address at %(domains)s, or add the domain in step 2.") % words,
            )


class OrganizationStep(StepForm):
    class Meta:
        model = Application
        fields = ["name", "legal_name", "other_names", "address"]
        widgets = {
            "other_names": forms.Textarea(attrs={"rows": 3}),
            "address": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "name": gettext_lazy("As people say it, in any script."),
            "legal_name": gettext_lazy("As it appears on a contract."),
            "other_names": gettext_lazy(
                "Former names, short forms, other languages. One per line."
            ),
        }

    def clean_other_names(self) -> str:
        names: str = self.cleaned_data["other_names"]
        for name in filter(None, map(str.strip, names.splitlines())):
            if fault := fault_of(name):
                raise ValidationError(fault)
        return names


class AboutStep(StepForm):
    website = WebAddressField(label=gettext_lazy("Website"), required=False, max_length=200)

    class Meta:
        model = Application
        fields = ["kind", "sector", "country", "website", "domains", "parent"]
        widgets = {
            "kind": forms.RadioSelect,
            "domains": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "sector": gettext_lazy("For example: semiconductors, public health."),
            "domains": gettext_lazy(
                "What comes after the @ in your people's addresses. One per line. Subdomains are "
                "included."
            ),
            "parent": gettext_lazy("If another organization owns or operates yours."),
        }

    def __init__(self, data: FormData = None, **options: Unpack[ModelFormOptions]) -> None:
        super().__init__(data, **options)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = Application._meta.get_field("kind").flatchoices
        self.fields["country"] = forms.ChoiceField(
            label=_("Country (registered office)"), choices=country_choices()
        )

    def clean_domains(self) -> str:
        domains = []
        for line in self.cleaned_data["domains"].replace(",", "\n").splitlines():
            domain = spelled_domain(line).removeprefix("@").removeprefix("www.")
            if not domain:
                continue
            if "." not in domain or "@" in domain or "/" in domain or " " in domain:
                raise ValidationError(
                    _("“%(domain)s” is not an e-mail domain. Write it like example.org.")
                    % {"domain": domain}
                )
            if domain in MAIL_PROVIDERS:
                raise ValidationError(
                    _("%(domain)s belongs to an e-mail provider. Leave it out.")
                    % {"domain": domain}
                )
            domains.append(domain)
        return "\n".join(dict.fromkeys(domains))


# The largest; an address there says nothing about an organization. Staff notice the others.
MAIL_PROVIDERS = {
    *("aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com"),
    *("live.com", "mail.com", "mail.ru", "outlook.com", "proton.me", "protonmail.com", "qq.com"),
    *("yahoo.co.jp", "yahoo.com", "yandex.com", "zoho.com", "163.com"),
}


class PurposeStep(StepForm):
    interests = forms.MultipleChoiceField(
        label=gettext_lazy("Groups you might want to join"),
        help_text=gettext_lazy("This commits no one to anything."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Application
        fields = ["purpose", "interests"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "purpose": gettext_lazy(
                "What you work on, and what you would like to do with other members. A few "
                "sentences are enough."
            )
        }

    def __init__(self, data: FormData = None, **options: Unpack[ModelFormOptions]) -> None:
        super().__init__(data, **options)
        choices = interest_choices()
        interests = self.fields["interests"]
        assert isinstance(interests, forms.MultipleChoiceField)
        # A group chosen earlier that is no longer offered is dropped silently.
        interests.choices = choices
        known = {slug for slug, _name in choices}
        self.initial["interests"] = [
            slug for slug in current_interests(self.initial.get("interests", [])) if slug in known
        ]
        if not choices:
            del self.fields["interests"]


class RepresentativeStep(StepForm):
    shows_representatives = forms.TypedChoiceField(
        label=gettext_lazy("Can we show these names on your public page?"),
        choices=[
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No, only the organization")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Application
        fields = [
            "representative_name",
            "representative_title",
            "representative_email",
            "alternate_name",
            "alternate_email",
            "shows_representatives",
        ]
        labels = {
            "alternate_name": gettext_lazy("Alternate's full name"),
            "alternate_email": gettext_lazy("Alternate's work e-mail"),
        }
        help_texts = {
            "representative_name": gettext_lazy("As it should appear, in any script."),
            "representative_title": gettext_lazy("For example, head of research."),
            "representative_email": gettext_lazy(
                "They get an invitation once the application is approved."
            ),
        }

    @classmethod
    def suggestions(cls, application: Application) -> dict[str, object]:
        """Suggest the applicant as the representative."""
        if application.representative_name or application.representative_email:
            return {}
        applicant = application.applicant
        return {"representative_name": applicant.name, "representative_email": applicant.email}

    def __init__(self, data: FormData = None, **options: Unpack[ModelFormOptions]) -> None:
        super().__init__(data, **options)
        self.initial["shows_representatives"] = (
            "yes" if self.instance.shows_representatives else "no"
        )

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        representative = values.get("representative_email", "")
        alternate = values.get("alternate_email", "")
        self.clean_domain_of(representative, "representative_email")
        self.clean_domain_of(alternate, "alternate_email")
        if alternate and spelled(alternate) == spelled(representative):
            self.add_error(
                "alternate_email", _("The alternate has to be someone else, with another address.")
            )
        if bool(values.get("alternate_name")) != bool(alternate):
            missing = "alternate_email" if values.get("alternate_name") else "alternate_name"
            if not self.has_error(missing):
                self.add_error(missing, _("An alternate needs a name and an address."))
        return values


class SignatoryStep(StepForm):
    class Meta:
        model = Application
        fields = ["signatory_name", "signatory_title", "signatory_email"]
        help_texts = {
            "signatory_name": gettext_lazy("This can be the representative, or you."),
            "signatory_title": gettext_lazy("For example, dean or general counsel."),
            "signatory_email": gettext_lazy(
                "They get the agreements once the application is approved."
            ),
        }

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        self.clean_domain_of(values.get("signatory_email", ""), "signatory_email")
        return values


@dataclass(frozen=True)
class Step:
    """A page of the application: its part of the URL, its name in the list and its question."""

    code: str
    name: str | Promise
    question: str | Promise
    form: type[StepForm]
    hint: str | Promise = ""
    # The question once the organization has a name, for %(name)s.
    named: str | Promise = ""

    def question_for(self, application: Application) -> str:
        if self.named and application.name:
            return str(self.named) % {"name": application.name}
        return str(self.question)

    def answers(self, application: Application) -> list[tuple[str, str]]:
        """Return the answers so far, each as label and text."""
        form = self.form(instance=application)
        return [(str(field.label), self._text(application, field)) for field in form]

    def _text(self, application: Application, field: forms.BoundField) -> str:
        value = field.value()
        choices = dict(getattr(field.field, "choices", []) or [])
        if isinstance(value, list):
            return ", ".join(str(choices.get(item, item)) for item in value)
        return str(choices.get(value, value) or "") if choices else str(value or "")


STEPS = [
    Step(
        "organization",
        gettext_lazy("Your organization"),
        gettext_lazy("What is your organization called?"),
        OrganizationStep,
    ),
    Step(
        "about",
        gettext_lazy("Kind and registered office"),
        gettext_lazy("What kind of organization is it, and where?"),
        AboutStep,
        named=gettext_lazy(
            "What kind of organization is %(name)s, and where is its registered office?"
        ),
    ),
    Step(
        "purpose",
        gettext_lazy("Purpose and interests"),
        gettext_lazy("Why do you want to join?"),
        PurposeStep,
        named=gettext_lazy("Why does %(name)s want to join?"),
    ),
    Step(
        "representative",
        gettext_lazy("Representatives"),
        gettext_lazy("Who speaks for it?"),
        RepresentativeStep,
        gettext_lazy(
            "The representative acts for your organization and invites your people. The "
            "alternate acts when they cannot."
        ),
        named=gettext_lazy("Who speaks for %(name)s?"),
    ),
    Step(
        "signatory",
        gettext_lazy("Signatory"),
        gettext_lazy("Who signs the agreements?"),
        SignatoryStep,
        gettext_lazy("Someone authorised to sign for your organization."),
        named=gettext_lazy("Who signs for %(name)s?"),
    ),
]


def step_named(code: str) -> Step | None:
    return next((step for step in STEPS if step.code == code), None)


def is_complete(step: Step, application: Application) -> bool:
    """Return whether the stored answers of the step would pass its form now."""
    fields = step.form(instance=application).fields
    values = {name: _posted_value(application, name) for name in fields}
    return step.form(values, instance=application).is_valid()


def missing_steps(application: Application) -> list[Step]:
    return [step for step in STEPS if not is_complete(step, application)]


def _posted_value(application: Application, name: str) -> object:
    """Return a stored answer as a browser would post it."""
    value: object = getattr(application, name)
    if isinstance(Application._meta.get_field(name), models.BooleanField):
        return "yes" if value else "no"
    return value
