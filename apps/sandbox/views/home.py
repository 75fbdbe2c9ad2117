"""/ and /openapi.json: what this is, for people and for programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.sandbox.answers import json_response
from apps.sandbox.openapi.document import document
from apps.sandbox.seed.accounts import PEOPLE
from apps.sandbox.seed.load import size


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A page that says what the sandbox is, with its accounts and keys."""
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "sandbox/home.html", {"people": PEOPLE, "address": address, "seed": size()})


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The sandbox's own OpenAPI document."""
    return json_response(document(request.build_absolute_uri("/").rstrip("/")))
