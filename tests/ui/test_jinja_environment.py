"""Jinja2 templates of what a page has a hundred of."""

import jinja2
import pytest
from django.template import engines

from apps.aurorax import DataSource
from apps.ui.templatetags.portal import long_list


def from_text(text: str) -> jinja2.Template:
    """A template as those in files are."""
    made: jinja2.Template = engines["jinja2"].env.from_string(text)  # type: ignore[attr-defined]
    return made


def test_everything_is_escaped() -> None:
    assert (
        from_text("<p title='{{ text }}'>{{ text }}").render(text="<'&")
        == "<p title='&lt;&#39;&amp;'>&lt;&#39;&amp;"
    )


def test_a_name_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(jinja2.UndefinedError, match="missing"):
        from_text("{{ missing }}").render()
    with pytest.raises(jinja2.UndefinedError, match="sources"):
        long_list("sources/source_rows.jinja")


def test_addresses_and_numbers_are_written_as_everywhere() -> None:
    assert from_text('{{ url("source-detail", 7) }} {{ 1440|grouped }}').render() == "/sources/7/ 1,440"


def test_a_source_whose_counts_aurorax_did_not_send_has_empty_cells() -> None:
    source = DataSource(7, display_name="A")
    row = long_list("sources/source_rows.jinja", sources=[source], with_stats=True, stats={})
    assert row.count("<td") == 10
    assert "no owner" in row
