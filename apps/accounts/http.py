"""The request as views of signed-in people receive it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from apps.accounts.models import User
from apps.aurorax import AuroraX


class PortalRequest(HttpRequest):
    """A request after the middleware: somebody signed in, with their own connection to AuroraX. For annotations only."""

    user: User
    aurorax: AuroraX
    htmx: HtmxDetails
