"""The pieces that lists and tables of many pages are made of."""

from typing import Any

from django.template import Context, Template


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_section_head_has_at_its_end_what_is_between_its_tags() -> None:
    link = '{% if url %}<a href="{{ url }}">Add</a>{% endif %}'
    source = f'{{% section_head_with title "files" %}}{link}{{% endsection_head_with %}}'

    assert draw(source, title="Files & more", url="/a/?b&c") == (
        '<div class="section-head"><h2 id="files">Files &amp; more</h2><a href="/a/?b&amp;c">Add</a></div>'
    )
    assert (
        draw(source, title="Files & more")
        == '<div class="section-head"><h2 id="files">Files &amp; more</h2></div>'
    )


def test_row_title_is_a_link_and_may_be_a_heading() -> None:
    plain = draw('{% row_title title "/d/1/" %}', title="<A>")
    record = draw('{% row_title "A" "/d/1/" variant="record" tag="h3" %}')

    assert plain == '<p class="row-title"><a class="title-link" href="/d/1/">&lt;A&gt;</a></p>'
    assert record == (
        '<h3 class="row-title row-title--record"><a class="title-link" href="/d/1/">A</a></h3>'
    )


def test_table_head_sets_figures_right_and_hides_the_last_heading_from_the_eye() -> None:
    rendered = draw('{% table_head "Name" "Votes" numbers="2" unseen="Action" %}')

    assert rendered == (
        '<thead><tr><th scope="col">Name</th><th scope="col" class="num">Votes</th>'
        '<th scope="col"><span class="visually-hidden">Action</span></th></tr></thead>'
    )


def test_table_head_escapes_what_its_columns_are_called() -> None:
    rendered = draw("{% table_head name unseen=action %}", name="<A>", action="R&D")

    assert rendered == (
        '<thead><tr><th scope="col">&lt;A&gt;</th>'
        '<th scope="col"><span class="visually-hidden">R&amp;D</span></th></tr></thead>'
    )
