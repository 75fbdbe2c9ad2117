"""Answering with a page, or with the one fragment of it that htmx asked for."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as django_render


def render(
    request: HttpRequest,
    page: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """The template `page`, or `fragment` when htmx is about to put it into the element of the fragment's name.

    Views never ask whether htmx is there: a page has an address and stands alone, and a fragment is a part of it.
    """
    template = fragment if fragment and htmx_target(request) == root_id(fragment) else page
    context = {**(context or {}), "is_refused": status == 422}  # "Error: " in the title of the page
    return django_render(request, template, context, status=status)


def fragment_or_redirect(
    request: HttpRequest, fragment: str, context: dict[str, Any], *, to: str
) -> HttpResponse:
    """After a POST: `fragment` when htmx is about to put it in its place, else on to the page that shows it."""
    if htmx_target(request) == root_id(fragment):
        return django_render(request, fragment, context)
    return redirect(to)


def root_id(fragment: str) -> str:
    """The id of a fragment's root element: `sources/_source_table.html` -> `source-table`."""
    return PurePosixPath(fragment).stem.lstrip("_").replace("_", "-")


def htmx_target(request: HttpRequest) -> str:
    """The id of the element htmx will fill (htmx 4 sends `tag#id`), or nothing."""
    if request.headers.get("HX-Request") != "true":
        return ""
    return request.headers.get("HX-Target", "").partition("#")[2]
