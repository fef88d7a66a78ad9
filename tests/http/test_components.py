"""The components that need a word of Python, each as a reader meets it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from common.http.pagination import Page
from common.ui import date_format
from common.ui.icons import UNKNOWN, icon
from common.ui.monograms import colour_of, initials_of, letters_of
from common.ui.states import STATES

BOTH_SUMMARIES = re.compile(r"{% error_summary form %}(.*?){{ form }}", re.DOTALL)
EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def on_one_line(html: str) -> str:
    return re.sub(r"\s*\n\s*", "", html)


@dataclass
class Reader:
    zone: str


def read_by(zone: str) -> dict[str, Any]:
    request = RequestFactory().get("/")
    request.user = Reader(zone)
    return {"request": request, "has_session": True}


# --- pictures and states -----------------------------------------------------------------------


def test_icon_is_drawn_inline_and_hidden_from_screen_readers() -> None:
    rendered = draw('{% icon "inbox" 20 %}')

    assert rendered.startswith('<svg class="icon" width="20" height="20"')
    assert 'aria-hidden="true"' in rendered
    assert "<path" in rendered


def test_icons_of_a_page_are_drawn_once_in_its_sheet() -> None:
    rendered = draw('{% collect_icons %}{% icon "inbox" %}{% icon "inbox" 20 %}{% icon_sheet %}')

    assert rendered.count('<use href="#i-inbox"/>') == 2
    assert rendered.count('<symbol id="i-inbox"') == 1
    assert rendered.count("<path") == icon("inbox").count("<path")


def test_icon_that_is_not_vendored_breaks_no_page() -> None:
    assert icon("no-such-icon") == icon(UNKNOWN)


@pytest.mark.parametrize("kind", sorted(STATES))
def test_state_has_a_glyph_and_a_word_beside_its_colour(kind: str) -> None:
    rendered = draw("{% state kind %}", kind=kind)

    assert f'<span class="state is-{STATES[kind].tone}"><svg' in rendered
    assert rendered.endswith(f"</svg>{STATES[kind].word}</span>")


def test_state_may_say_its_word_more_exactly() -> None:
    assert draw('{% state "late" "4 days late" %}').endswith("</svg>4 days late</span>")


def test_state_without_a_row_shows_its_word_neutrally() -> None:
    rendered = draw('{% state "on_ice" %}')

    assert "is-muted" in rendered
    assert rendered.endswith("</svg>On ice</span>")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("CERN", "CERN"),
        ("ETH Zurich", "ETH"),
        ("Cornell", "Co"),
        ("Linux Foundation", "LF"),
        ("University of Notre Dame", "UND"),
        ("Institut Polytechnique de Paris", "IPP"),
        ("東京大学", "東"),
        ("Shirakawa University (白川大学)", "SU"),
        ("(東京大学)", "東"),
        ("…", "?"),
    ],
)
def test_monogram_letters(name: str, letters: str) -> None:
    assert letters_of(name) == letters


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Hélène Marchetti", "HM"), ("Ana Maria de Souza", "AS"), ("Sukarno", "S"), ("", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials_of(name) == letters


def test_monogram_keeps_its_colour_for_ever() -> None:
    assert [colour_of(slug) for slug in ("cern", "eth-zurich", "linux-foundation")] == [1, 7, 6]


def test_names_are_escaped_wherever_they_stand() -> None:
    bad = "<b>&"

    rendered = draw(
        "{% person bad bad %}{% monogram bad %}{% state 'late' bad %}{% squares 1 label=bad %}",
        bad=bad,
    )

    assert "<b>" not in rendered


def test_person_stands_with_the_affiliation() -> None:
    rendered = draw('{% person "Hélène Marchetti" "EPFL" %}')

    assert rendered == '<span class="person">Hélène Marchetti<span class="of">, EPFL</span></span>'


# --- time ----------------------------------------------------------------------------------------


def test_moment_is_shown_in_the_readers_zone_with_the_zone_written() -> None:
    rendered = draw("{% when moment %}", moment=EVENING, **read_by("Europe/Zurich"))

    assert rendered == (
        '<time datetime="2026-11-26T17:00:00+00:00">Thu 26 Nov 2026, 18:00 CET (UTC+1)</time>'
    )


def test_moment_for_a_stranger_is_in_utc_and_asks_no_session() -> None:
    assert "Thu 26 Nov 2026, 17:00 UTC" in draw("{% when moment %}", moment=EVENING)


def test_zone_without_a_name_is_written_as_its_distance() -> None:
    assert "22:45 UTC+5:45" in draw("{% when m %}", m=EVENING, **read_by("Asia/Kathmandu"))
    assert "14:00 UTC-3" in draw("{% when m %}", m=EVENING, **read_by("America/Sao_Paulo"))


def test_other_zone_is_added_with_its_day_where_that_differs() -> None:
    rendered = draw('{% when m other_zone="Asia/Tokyo" %}', m=EVENING, **read_by("Europe/Zurich"))

    assert "18:00 CET (UTC+1); in Tokyo Fri 27 Nov, 02:00 (UTC+9)<" in rendered


def test_other_zone_with_the_same_hour_is_not_repeated() -> None:
    rendered = draw('{% when m other_zone="Europe/Paris" %}', m=EVENING, **read_by("Europe/Zurich"))

    assert rendered.endswith("18:00 CET (UTC+1)</time>")


def test_range_names_the_day_again_only_when_it_changes() -> None:
    zone = read_by("Europe/Zurich")
    one_hour, seven = EVENING + timedelta(hours=1), EVENING + timedelta(hours=7)

    assert "18:00 to 19:00 CET" in draw("{% when m until=e %}", m=EVENING, e=one_hour, **zone)
    assert "18:00 to Fri 27 Nov 2026, 01:00 CET" in draw(
        "{% when m until=e %}", m=EVENING, e=seven, **zone
    )


def test_unknown_zone_falls_back_to_utc() -> None:
    assert "17:00 UTC" in draw("{% when m %}", m=EVENING, **read_by("Mars/Olympus"))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=2), "in 2 days"),
    ],
)
def test_distance(ahead: timedelta, words: str) -> None:
    assert date_format.distance(EVENING + ahead, now=EVENING) == words


def test_day() -> None:
    assert draw("{% day d %}", d=date(2026, 11, 18)) == (
        '<time datetime="2026-11-18">18 Nov 2026</time>'
    )


def test_moment_late_in_the_evening_is_already_tomorrow_for_its_reader() -> None:
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)

    assert "27 Nov 2026" in draw("{% day d %}", d=late, **read_by("Europe/Zurich"))


# --- figures ---------------------------------------------------------------------------------------


def test_one_square_is_one_organization() -> None:
    rendered = draw("{% squares 2 7 against=1 abstained=1 %}")

    assert rendered.count("<i") == 7
    assert rendered.count("hollow") == 3
    assert 'aria-label="2 of 7"' in rendered


def test_tally_never_leaves_its_track() -> None:
    rendered = draw('{% tally 1.7 threshold=0.5 word="half" %}')

    assert 'class="fill" width="100.0%"' in rendered
    assert 'x1="50.0%"' in rendered
    assert ">half</text>" in rendered


def test_lapsed_check_is_a_dashed_line_and_not_an_empty_bar() -> None:
    assert 'class="lapsed"' in draw("{% freshness 0 %}")


# --- forms -------------------------------------------------------------------------------------------


class ApplicationForm(forms.Form):
    name = forms.CharField(label="Full name", help_text="In any script")
    role = forms.CharField(label="Role", required=False)
    email = forms.EmailField(label="Work e-mail")
    shown = forms.ChoiceField(
        label="Shown?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="I agree")

    def clean(self) -> None:
        raise forms.ValidationError("The two do not go together.")


def test_field_is_told_apart_by_label_hint_and_error() -> None:
    form = ApplicationForm({"name": "", "email": "x"})

    rendered = draw("{% field form.name %}", form=form)

    assert '<label for="id_name">Full name</label>' in on_one_line(rendered)
    assert 'aria-describedby="id_name_helptext id_name_error"' in rendered
    assert 'id="id_name_helptext"' in rendered
    assert '<ul class="errors" id="id_name_error">' in rendered
    assert 'aria-invalid="true"' in rendered


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    rendered = draw("{{ form }}", form=ApplicationForm())

    assert rendered.count('<span class="optional">optional</span>') == 1


def test_choices_stand_in_a_fieldset_with_the_question_as_its_legend() -> None:
    rendered = draw("{% field form.shown %}", form=ApplicationForm())

    assert "<fieldset" in rendered
    assert "<legend>Shown?</legend>" in on_one_line(rendered)


def test_summary_leads_to_every_field_that_has_to_be_mended() -> None:
    form = ApplicationForm({"name": "Ada", "email": "x"})

    rendered = draw("{{ form }}", form=form)

    assert '<a href="#id_email">Work e-mail: Enter a valid email address.</a>' in rendered
    assert '<a href="#id_shown">' in rendered
    assert 'id="id_shown"' in rendered
    assert "<li>The two do not go together.</li>" in rendered


def test_form_without_a_fault_has_no_summary() -> None:
    assert "error-summary" not in draw("{{ form }}", form=ApplicationForm())


# --- lists, banner, empty places -------------------------------------------------------------------------


def test_numbered_pages_keep_the_rest_of_the_question() -> None:
    request = RequestFactory().get("/", {"q": "a&b", "kind": ["x", "y"], "page": "2"})
    page = Paginator(range(30), 10).page(2)

    rendered = draw("{% paginate page %}", page=page, request=request)

    assert 'href="?q=a%26b&amp;kind=x&amp;kind=y&amp;page=1"' in rendered
    assert 'href="?q=a%26b&amp;kind=x&amp;kind=y&amp;page=3"' in rendered
    assert "11 to 20 of 30" in rendered


def test_older_rows_are_one_link_away() -> None:
    request = RequestFactory().get("/", {"after": "x"})
    page: Page[Any] = Page(rows=[], older_query="after=y", is_first=False)

    rendered = draw("{% paginate page %}", page=page, request=request)

    assert 'href="?after=y"' in rendered
    assert "Back to the newest" in rendered


def test_list_that_fits_on_one_page_has_no_pager() -> None:
    request = RequestFactory().get("/")

    assert (
        draw("{% paginate page %}", page=Paginator([1], 10).page(1), request=request).strip() == ""
    )


def test_banner_has_the_colour_and_the_filled_glyph_of_its_state() -> None:
    rendered = draw(
        '{% banner "withdrawn" %}<strong>{{ words }}</strong>{% endbanner %}', words="a<b"
    )

    assert 'class="banner banner--stop"' in rendered
    assert "<strong>a&lt;b</strong>" in rendered


def test_empty_place_says_what_will_stand_there() -> None:
    rendered = draw('{% empty_state "No decisions yet" %}<p>They come.</p>{% endempty_state %}')

    assert "<h2>No decisions yet</h2><p>They come.</p>" in rendered


def test_no_form_says_twice_what_to_mend() -> None:
    """A form drawn whole brings its summary with it (`django/forms/div.html`)."""
    twice = [
        str(file)
        for file in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for between in BOTH_SUMMARIES.findall(file.read_text())
        if "{% else %}" not in between
    ]

    assert twice == []


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Prague", "Prague, CET (UTC+1)"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires, UTC-3"),
        ("Asia/Kathmandu", "Kathmandu, UTC+5:45"),
        ("Europe/London", "London, GMT (UTC)"),
        ("UTC", "UTC"),
    ],
)
def test_zone_is_named_by_its_place_and_its_offset_of_today(zone: str, words: str) -> None:
    assert date_format.zone_now_words(zone, datetime(2026, 11, 25, 12, tzinfo=UTC)) == words


# --- sections and the way to a page ------------------------------------------------------------


def test_section_head_has_its_id_and_escapes_what_people_typed() -> None:
    assert draw('{% section_head _("Open") "open" %}') == (
        '<div class="section-head"><h2 id="open">Open</h2></div>'
    )
    assert "&lt;b&gt;" in draw("{% section_head title %}", title="<b>")


def test_crumbs_name_themselves() -> None:
    rendered = draw('{% crumbs %}<li><a href="/groups/">Groups</a></li>{% endcrumbs %}')

    assert rendered == (
        '<nav class="crumbs" aria-label="Where you are">'
        '<ol><li><a href="/groups/">Groups</a></li></ol></nav>'
    )
