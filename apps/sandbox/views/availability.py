"""/availability (API document, "Availability")."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.sandbox import auth, availability
from apps.sandbox.answers import json_response
from apps.sandbox.errors import SLOW_MODE_OFFLINE, ApiError
from apps.sandbox.formats import FIELDS, source_document
from apps.sandbox.models import DataSource
from apps.sandbox.queries import DATA_PRODUCT_TYPES, flag, source_filters, source_format, word
from apps.sandbox.state import state
from apps.sandbox.times import parse_day
from apps.sandbox.views.resource import Resource


class EphemerisAvailability(Resource):
    """Ephemeris records a day."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A row for every source that has records in the span."""
        auth.caller(request)
        start, end = _days(request)
        counts = availability.ephemeris(start, end, source_filters(request), slow=_slow(request))
        return json_response(_rows(request, counts, "available_ephemeris"))


class DataProductAvailability(Resource):
    """Data product records a day, counted on the day they start."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A row for every source that has records in the span."""
        auth.caller(request)
        start, end = _days(request)
        kind = word(request, "data_product_type", DATA_PRODUCT_TYPES)
        counts = availability.data_products(start, end, source_filters(request), kind, slow=_slow(request))
        return json_response(_rows(request, counts, "available_data_products"))


def _rows(request: HttpRequest, counts: availability.Counts, key: str) -> list[dict[str, Any]]:
    wanted = source_format(request)
    found = DataSource.objects.filter(**source_filters(request), pk__in=counts).only(*FIELDS[wanted])
    return [
        {"data_source": source_document(source, wanted), key: counts[source.identifier]} for source in found
    ]


def _days(request: HttpRequest) -> tuple[date, date]:
    """The span asked for, both days included. By default it starts on 1 January of this year; it ends twelve months
    after a given start, else a month from today (API document).
    """
    today = timezone.now().date()
    given = request.GET.get("start")
    start = parse_day(given, name="start") if given is not None else today.replace(month=1, day=1)
    default_end = _add(start, days=365) if given is not None else _add(today, days=30)
    end = request.GET.get("end")
    return start, parse_day(end, name="end") if end is not None else default_end


def _add(day: date, *, days: int) -> date:
    return date.max if (date.max - day).days < days else day + timedelta(days=days)


def _slow(request: HttpRequest) -> bool:
    """Whether to count afresh. Raises 503 in maintenance mode."""
    slow = flag(request, "slow") or False
    if slow and state.switches.maintenance:
        raise ApiError(503, SLOW_MODE_OFFLINE)
    return slow
