"""What the addresses of the API have in common."""

from django.http import HttpRequest
from django.views import View

from apps.sandbox import auth
from apps.sandbox.errors import MAINTENANCE, ApiError
from apps.sandbox.models import Account
from apps.sandbox.state import state


class Resource(View):
    """An address of the API."""

    http_method_names = ["get", "post", "put", "patch", "delete"]


def writer(request: HttpRequest) -> Account:
    """The account that wants to write. Raises 503 in maintenance mode, 401 without a valid credential.

    Maintenance mode stops creating and updating only; reads go on (pyaurorax issue 77).
    """
    if state.switches.maintenance:
        raise ApiError(503, MAINTENANCE)
    return auth.required(request)
