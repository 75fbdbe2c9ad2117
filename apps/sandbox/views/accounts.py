"""/authenticate and /accounts."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from apps.sandbox import auth
from apps.sandbox.answers import empty, json_response
from apps.sandbox.bodies import read
from apps.sandbox.errors import invalid
from apps.sandbox.models import Account
from apps.sandbox.queries import ROLES, word
from apps.sandbox.roles import check_administrator
from apps.sandbox.times import stamp
from apps.sandbox.views.resource import Resource


class AuthenticationRequest(msgspec.Struct):
    """Body of a sign-in."""

    email_address: str
    password: str


class Authenticate(Resource):
    """Sign in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The account, and in the header `Authorization` the value to send back verbatim."""
        body = read(request.body, AuthenticationRequest)
        account, authorization = auth.sign_in(body.email_address, body.password)
        response = json_response(_document(account))
        response["Authorization"] = authorization
        return response


class EndSession(Resource):
    """Sign out."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the session of the bearer token. An API key is no session, so it cannot be ended: 400."""
        if not auth.end_session(request.headers.get("Authorization", "")):
            raise invalid(
                "There is no session to end: send the Authorization value that /authenticate answered."
            )
        return empty()


class Accounts(Resource):
    """Every account. Not in the API document, but it answers Administrators (PyAuroraX tests)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The accounts, of one role where `role` names one."""
        check_administrator(auth.required(request), what="list accounts")
        role = word(request, "role", ROLES)
        accounts = Account.objects.order_by("email_address")
        return json_response(
            [_document(account) for account in (accounts.filter(role=role) if role else accounts)]
        )


def _document(account: Account) -> dict[str, Any]:
    """The account in the API's shape (API document, UserAccount)."""
    return {
        "account_id": str(account.account_id),
        "upload_username": account.upload_username,
        "email_address": account.email_address,
        "email_confirmed": stamp(account.email_confirmed),
        "first_name": account.first_name,
        "last_name": account.last_name,
        "role": account.role,
        "agree_terms": stamp(account.agree_terms),
        "this_login": stamp(account.this_login),
        "last_login": stamp(account.last_login),
        "disabled": account.disabled,
    }
