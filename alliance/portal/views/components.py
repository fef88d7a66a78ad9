"""The page that shows every component, to check the theme against it."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.http.form_handling import Form
from common.http.requests import Request
from common.ui.monograms import COLOURS
from common.ui.states import STATES

COLOUR_TOKENS = [
    *["paper", "paper-2", "paper-3", "sheet", "ink", "ink-2", "ink-3", "control", "rule", "rule-2"],
    *["accent", "accent-tint", "ok", "ok-tint", "wait", "wait-tint", "stop", "stop-tint"],
    *["hue-safety", "hue-models", "hue-tools", "hue-education"],
    *["hue-policy", "hue-climate", "hue-social", "hue-hardware", "ins-ground", "del-ground"],
]


@dataclass(frozen=True)
class SamplePerson:
    """An invented person, for this page only."""

    name: str

    def __str__(self) -> str:
        return self.name


class SampleForm(Form):
    """One field of each shape."""

    name = forms.CharField(label="Full name", help_text="As it should appear, in any script")
    role = forms.CharField(label="Role", required=False)
    email = forms.EmailField(label="Work e-mail")
    kind = forms.ChoiceField(label="Kind", choices=[("u", "University"), ("c", "Company")])
    shown = forms.ChoiceField(
        label="May the name be shown?",
        choices=[("y", "Yes, to everybody"), ("n", "Only to members")],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label="I may speak for my organization")


@require_safe
def components(request: Request) -> HttpResponse:
    """Show every component. Only a development server serves the page."""
    wrong = {"name": "Grace Wanjiru", "email": "grace@", "kind": "u", "text": "Because."}
    now = timezone.now()
    context = {
        "colours": COLOUR_TOKENS,
        "states": STATES,
        "monograms": range(COLOURS),
        "form": SampleForm(auto_id="plain_%s"),
        "wrong": SampleForm(wrong, auto_id="wrong_%s"),
        "people": [SamplePerson("Hélène Marchetti"), SamplePerson("Ravi Subramanian")],
        "organizations": ["Cornell", "EPFL", "Hanami Foundation", "Kera", "Red Brick", "NASA"],
        "now": now,
        "soon": now + timedelta(days=2, hours=3),
    }
    return render(request, "portal/components.html", context)
