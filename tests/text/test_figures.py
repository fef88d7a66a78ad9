"""Pictures of a text: which file an address means, and what stands where there is none."""

import time
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.errors import Invalid
from common.files.types import clean_name
from common.text.figures import Picture, figure_source, has_figures, in_words, with_figures
from common.text.markdown import TextKind, plain, render


def place(address: str, alt: str = "Figure 1", title: str = "") -> str:
    tail = f' title="{escape(title)}"' if title else ""
    return f'<img class="figure" data-file="{escape(address)}" alt="{escape(alt)}"{tail}>'


def picture(name: str, state: str = "ready") -> Picture:
    return Picture(name, state, f"/figures/{len(name)}", f"/files/{len(name)}", 320, 200)


def attached(*names: str) -> dict[str, Picture]:
    return {name: picture(name) for name in names}


def test_picture_stands_in_its_place_with_its_size() -> None:
    html = with_figures(f"<p>See {place('fig1.png')} here.</p>", attached("fig1.png"))

    assert html == (
        '<p>See <img class="figure" src="/figures/8" alt="Figure 1" width="320" height="200"'
        ' loading="lazy" decoding="async"> here.</p>'
    )


def test_picture_alone_with_a_caption_is_a_figure() -> None:
    html = with_figures(f"<p>{place('fig1.png', title='By <us>')}</p>", attached("fig1.png"))

    assert html.startswith('<figure class="figure"><img ')
    assert html.endswith("<figcaption>By &lt;us&gt;</figcaption></figure>")
    assert "<p>" not in html


def test_two_pictures_in_a_paragraph_keep_their_paragraph() -> None:
    text = f"<p>{place('a.png', title='One')}{place('b.png', title='Two')}</p>"

    html = with_figures(text, attached("a.png", "b.png"))

    assert (html[:3], html[-4:], html.count("<img "), "<figure" in html) == (
        "<p>",
        "</p>",
        2,
        False,
    )
    assert "(One)" in html


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("fig2.png", "fig2.png"),
        ("images/fig2.png", "fig2.png"),
        ("./fig2.png", "fig2.png"),
        ("../a/b/fig2.png", "fig2.png"),
        ("images\\fig2.png", "fig2.png"),
        ("fig2.png?raw=1#top", "fig2.png"),
        ("images/fig%202.png", "fig 2.png"),
        ("a%20b.png", "a%20b.png"),
        ("50%.png", "50%.png"),
        ("fig%231.png", "fig#1.png"),
        ("fig#1.png", "fig#1.png"),
        ("u\u0308bersicht.png", "übersicht.png"),
        ("%E5%9B%B31.png", "図1.png"),
        ("Fig2.PNG", "fig2.png"),
        ("what?.png", "what.png"),
    ],
)
def test_address_means_the_attached_file_of_that_name(address: str, name: str) -> None:
    assert "src=" in with_figures(place(address), attached(name, "other.png"))


def test_exact_name_comes_first_and_a_doubtful_one_means_nothing() -> None:
    both = {"A.png": picture("A.png"), "a.png": picture("a.png", "failed")}

    assert "src=" in with_figures(place("A.png"), both)
    assert "only be downloaded" in with_figures(place("a.png"), both)
    # An upload of this name is kept as a.png.
    assert "only be downloaded" in with_figures(place("a.PNG"), both)
    doubtful = {"Ab.png": picture("Ab.png"), "aB.png": picture("aB.png")}
    assert "not attached" in with_figures(place("ab.png"), doubtful)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("waiting", "Figure 1 (fig1.png: this picture is being prepared)"),
        ("failed", "Figure 1 (fig1.png: this picture can only be downloaded)"),
        ("file", "Figure 1 (fig1.png)"),
        ("gone", "Figure 1 (fig1.png is not attached)"),
    ],
)
def test_where_there_is_no_picture_words_say_why(state: str, words: str) -> None:
    html = with_figures(place("fig1.png"), {"fig1.png": picture("fig1.png", state)})

    assert plain(html) == words or plain(html).replace(" )", ")").replace("( ", "(") == words
    assert "<img" not in html


def test_nothing_attached_leaves_alternative_text_and_name() -> None:
    assert plain(with_figures(place("x/fig1.png"), {})) == "Figure 1 (fig1.png is not attached)"


def test_words_of_a_text_have_the_alternative_text() -> None:
    assert plain(f"<p>See {place('a.png', 'Two & one', 'Cap')}.</p>") == "See Two & one (Cap)."
    assert in_words(place("b/a.png", "")) == "a.png"


def test_only_our_own_shape_is_a_picture() -> None:
    other = '<img data-file="a.png" class="figure"><code>&lt;img class="figure"&gt;</code>'

    assert with_figures(other, attached("a.png")) == other
    assert not has_figures(other)


def test_addresses_go_with_the_site_where_no_page_is_around() -> None:
    html = with_figures(place("a.png"), attached("a.png"), "https://site.example")

    assert 'src="https://site.example/figures/5"' in html


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_stays_text(address: str, alt: str, title: str) -> None:
    html = with_figures(f"<p>{place(address, alt, title)}</p>", {})

    assert "<img" not in html
    assert html.count("<") == html.count(">")
    assert "<script" not in html.replace("&lt;script", "")


@given(st.text(min_size=1, max_size=60))
def test_every_name_that_can_be_kept_can_be_shown(text: str) -> None:
    try:
        name = clean_name(f"{text}.png")
    except Exception:
        return
    from urllib.parse import quote

    assert "src=" in with_figures(place("images/" + quote(name, safe="")), attached(name))


@pytest.mark.parametrize(
    "text",
    [
        '<img class="figure" data-file="' * 15_000,
        '<p><img class="figure" data-file="a.png" alt="' * 10_000,
        place("a.png") * 6_000,
        "<p>" * 150_000,
    ],
    ids=["open", "half", "many", "paragraphs"],
)
def test_texts_at_the_limit_take_no_time(text: str) -> None:
    begun = time.process_time()

    with_figures(text, attached("a.png"))

    assert time.process_time() - begun < 1


@given(st.text(alphabet="ab 1é評_*~`!&;#%()[]{}.-+$@^=,'", min_size=1, max_size=12))
def test_what_the_list_of_files_offers_shows_the_file(words: str) -> None:
    name = clean_name(f"{words}.png")

    html = render(figure_source(name), TextKind.NOTES)

    assert 'src="/figures/' in with_figures(html, attached(name)), (name, html)


def test_a_plain_name_is_offered_without_signs_around_it() -> None:
    assert figure_source("chart.png").endswith("](chart.png)")
    assert figure_source("pass rate.png").endswith("](<pass rate.png>)")


@given(st.text(min_size=1, max_size=30), st.sampled_from(["", ".", "..", " ", " .", "con."]))
@example("dot", ".")
def test_a_picture_is_found_by_the_name_with_which_it_was_uploaded(text: str, before: str) -> None:
    uploaded = f"{before}{text}.png"
    try:
        kept = clean_name(uploaded)
    except Invalid:
        return
    from urllib.parse import quote

    assert "src=" in with_figures(place(quote(uploaded, safe="")), attached(kept))


@pytest.mark.parametrize("state", ["ready", "waiting", "failed", "file"])
def test_no_link_stands_within_a_link(state: str) -> None:
    html = render("[![Figure 1](a.pdf) more](b.pdf)", TextKind.DOCUMENT)
    files = {"a.pdf": picture("a.pdf", state), "b.pdf": picture("b.pdf", "file")}

    shown = with_figures(html, files)

    assert shown.count("<a ") == shown.count("</a>") == 1
    assert "Figure 1" in shown
    assert " more</a>" in shown
