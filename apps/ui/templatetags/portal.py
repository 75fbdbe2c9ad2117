"""Filters every template may use without loading anything."""

import json
from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def long_list(name: str, **context: Any) -> SafeString:
    """The Jinja2 template `name` with this context and nothing else, escaped: for what is repeated a hundred times."""
    return mark_safe(engines["jinja2"].get_template(name).render(context))  # noqa: S308 - Jinja2 has escaped it


@register.filter
def utc(moment: datetime | None) -> str:
    """A time in UTC to the second, as `2020-01-01 00:00:00`; nothing for no time. The column or label says "UTC"."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def iso(moment: datetime | date | None) -> str:
    """A time as AuroraX writes it, `2020-01-01T00:00:00` (UTC), or a day as `2020-01-01`: for links and `datetime=`."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return moment.isoformat() if moment else ""


@register.filter
def grouped(number: int | None) -> str:
    """A whole number with its thousands apart: 1,440."""
    return "" if number is None else f"{number:,}"


@register.filter
def pretty_json(value: Any) -> str:
    """Any JSON value over several lines, in the order it came."""
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def compact_json(value: Any) -> str:
    """Any JSON value on one line."""
    return json.dumps(value, ensure_ascii=False)
