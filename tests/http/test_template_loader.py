"""Indentation does not reach the browser; what is shown as it stands keeps it."""

import pytest
from django.template import engines

from common.ui.template_loader import Loader, without_indentation


def test_lines_begin_at_their_first_character() -> None:
    assert without_indentation("<ul>\n  <li>\n\t One\n  </li>\n</ul>") == (
        "<ul>\n<li>\nOne\n</li>\n</ul>"
    )


def test_lines_are_as_many_as_before() -> None:
    template = "<p>\n\n    One\n</p>\n"

    assert without_indentation(template).count("\n") == template.count("\n")


@pytest.mark.parametrize(
    "verbatim",
    [
        "<pre>\n  a\n    b</pre>",
        '<pre class="code">\n  a</pre>',
        "<textarea readonly>\n  a\n</textarea>",
        "{% blocktranslate %}Two\n  lines{% endblocktranslate %}",
        '{% blocktrans with a="50%" %}\n  a\n{% endblocktrans %}',
        "{% verbatim %}\n  {{ a }}\n{% endverbatim %}",
    ],
)
def test_what_is_shown_as_it_stands_keeps_its_white_space(verbatim: str) -> None:
    assert without_indentation(f"<div>\n  {verbatim}\n  <p>") == f"<div>\n{verbatim}\n<p>"


def test_trimmed_message_is_indented_in_the_template_only() -> None:
    template = "{% blocktranslate trimmed %}\n  One\n  line\n{% endblocktranslate %}"

    assert without_indentation(template) == (
        "{% blocktranslate trimmed %}\nOne\nline\n{% endblocktranslate %}"
    )


def test_project_loads_its_pages_with_it_and_mails_in_plain_text_as_they_are() -> None:
    loaders = engines["django"].engine.template_loaders[0].loaders
    loader = loaders[0]

    assert isinstance(loader, Loader)
    assert "\n  " not in loader.get_template("base.html").source
    mail = loader.get_template("emails/notice/body.txt")
    assert mail.source == mail.origin.loader.get_contents(mail.origin)
