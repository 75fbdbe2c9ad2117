"""No text that somebody pastes may break the portal: it is read, or refused with a sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from apps.sources.forms.fields import JsonObjectField
from apps.sources.forms.schema import MetadataFieldForm
from apps.sources.schema_json import read_schema
from apps.ui.strict_json import DEEPEST, strict_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def read(reader: Callable[[Any], Any], given_text: Any) -> tuple[Any, str]:
    """What a reader makes of a text, and the sentence it refuses it with."""
    try:
        return reader(given_text), ""
    except ValidationError as refusal:
        [message] = refusal.messages
        return None, message


@given(st.text() | st.text('[]{}",:0123456789eE+-.\\u tfn'))
@example("[" * 5_000)
@example("-1e400")
@example('"\\ud800"')
def test_any_text_is_read_or_refused(text: str) -> None:
    value, message = read(strict_json, text)
    assert message or json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@given(VALUES)
def test_what_can_be_kept_is_read_as_it_is(value: Any) -> None:
    found, message = read(strict_json, json.dumps(value))
    assert found == value or ("cannot be kept" in message and "\\u0000" in json.dumps(value))


def test_nesting_has_an_end() -> None:
    strict_json("[" * DEEPEST + "]" * DEEPEST)
    with pytest.raises(ValidationError, match="nested too deeply"):
        strict_json("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2))


@given(st.binary() | st.builds(lambda value: json.dumps(value).encode(), VALUES))
def test_any_file_is_a_schema_or_refused(raw: bytes) -> None:
    rows, message = read(read_schema, raw)
    assert message or all(row["field_name"] for row in rows)


@given(st.lists(st.builds(
    lambda name, more: {"field_name": name} | more,
    st.text(min_size=1),
    st.fixed_dictionaries({}, optional={
        "description": st.text() | st.none(),
        "data_type": st.sampled_from(["string", "int", ""]) | st.none(),
        "allowed_values": st.none() | st.lists(st.text() | st.booleans() | st.integers(), max_size=3),
        "additional_description": st.text() | st.none(),
        "searchable": st.booleans() | st.none(),
    }),
), max_size=3))  # fmt: skip
def test_every_schema_in_the_shape_of_the_api_is_read(schema: list[dict[str, Any]]) -> None:
    rows, message = read(read_schema, json.dumps(schema).encode())
    if message:
        assert "cannot be kept" in message
    else:
        assert [row["field_name"] for row in rows] == [row["field_name"] for row in schema]
        assert {key for row in rows for key in row} <= set(MetadataFieldForm.base_fields)


def test_what_was_typed_is_shown_as_it_was_typed() -> None:
    field = JsonObjectField(required=False)
    assert field.prepare_value('{"a":  1') == '{"a":  1'
    assert field.prepare_value({"a": "ü"}) == '{\n  "a": "ü"\n}'
    assert field.prepare_value({}) == ""
    assert field.clean("") == {}
