"""/sandbox: what the person who runs the sandbox may do to it. Not part of the API, needs no credential, never fails on purpose."""

from typing import Any, Literal, get_args, get_type_hints

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.sandbox import auth, ingest
from apps.sandbox.answers import json_response
from apps.sandbox.bodies import read
from apps.sandbox.errors import ApiError, invalid
from apps.sandbox.models import Account, Session
from apps.sandbox.seed import load
from apps.sandbox.state import state
from apps.sandbox.switches import Switches


class AccountChanges(msgspec.Struct, forbid_unknown_fields=True):
    """What may be changed of an account."""

    role: Literal["Administrator", "Owner", "Maintainer", "User"] | msgspec.UnsetType = msgspec.UNSET
    disabled: bool | msgspec.UnsetType = msgspec.UNSET


@require_http_methods(["GET", "POST"])
def faults(request: HttpRequest) -> HttpResponse:
    """The switches: a page with a form, or JSON for who sends or accepts that. POST sets the ones it names."""
    as_json = "json" in request.headers.get("Accept", "") or request.content_type == "application/json"
    problem, given = "", _given(request)
    try:
        if request.method == "POST":
            state.change(given)
    except ValueError as error:
        problem = str(error)
    if as_json and problem:
        raise invalid(problem)
    if as_json:
        return json_response(state.switches)
    if request.method == "POST" and not problem:
        return redirect("faults")
    context = {"fields": _fields(given if problem else {}), "problem": problem}
    return render(request, "sandbox/faults.html", context, status=400 if problem else 200)


@require_POST
def ingest_now(request: HttpRequest) -> HttpResponse:
    """Finish everything that was accepted with 202, due or not."""
    return _done(request, finished=ingest.finish_now())


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Back to the seed: accounts, sources, records, searches, switches."""
    load.reset()
    return _done(request, seed=load.size())


@require_POST
def expire_sessions(request: HttpRequest) -> HttpResponse:
    """Let every session die, as if it had been idle for too long."""
    count, _ = Session.objects.all().delete()
    return _done(request, expired=count)


@require_POST
def change_account(request: HttpRequest, email_address: str) -> HttpResponse:
    """Give an account another `role`, or disable it (`disabled`), while its sessions go on."""
    changes = read(request.body, AccountChanges)
    account = _account(email_address)
    if changes.role is not msgspec.UNSET:
        account.role = changes.role
    if changes.disabled is not msgspec.UNSET:
        account.disabled = changes.disabled
    account.save(update_fields=["role", "disabled"])
    return json_response({"role": account.role, "disabled": account.disabled})


@require_POST
def renew_api_key(request: HttpRequest, email_address: str) -> HttpResponse:
    """A new API key for an account; its old one stops working."""
    return json_response({"api_key": auth.new_api_key(_account(email_address))})


def _account(email_address: str) -> Account:
    account = Account.objects.filter(email_address__iexact=email_address).first()
    if account is None:
        raise ApiError(404, f"No account has the e-mail address {email_address}")
    return account


def _done(request: HttpRequest, **what: object) -> HttpResponse:
    """What was done, as JSON; whoever pressed a button on the page goes back to it."""
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("faults")
    return json_response(what)


def _given(request: HttpRequest) -> dict[str, Any]:
    if request.content_type == "application/json" and request.body:
        return read(request.body, dict[str, Any])
    return {name: value.strip() for name, value in request.POST.items() if isinstance(value, str)}


def _fields(given: dict[str, Any]) -> list[dict[str, Any]]:
    """What the form shows of each switch; what was just typed wins over what is set."""
    current = msgspec.structs.asdict(state.switches) | given
    hints = get_type_hints(Switches, include_extras=True)
    return [
        {
            "name": name,
            "value": f"{value:g}" if isinstance(value := current[name], float) else value,
            "description": _description(hints[name]),
            "choices": _choices(hints[name]),
        }
        for name in Switches.__struct_fields__
    ]


def _description(hint: Any) -> str:
    metas = [extra for extra in get_args(hint) if isinstance(extra, msgspec.Meta)]
    return next((meta.description for meta in reversed(metas) if meta.description), "")


def _choices(hint: Any) -> list[str]:
    """The words a switch may be set to; none for a switch that takes numbers or text."""
    kind = get_args(hint)[0]
    if kind is bool:
        return ["True", "False"]
    return [word for word in get_args(kind) if isinstance(word, str)]
