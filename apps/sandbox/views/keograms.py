"""/sandbox/keograms: the pictures that the seed's data products point to. Not part of the API."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from apps.sandbox.errors import ApiError
from apps.sandbox.keograms import keogram


@require_GET
def picture(request: HttpRequest, day: str, hour: str) -> HttpResponse:
    """The keogram of a day, or of an hour where the file's name has one: `20200101_02_gill_rgb-04_full-keogram.svg`."""
    try:
        drawn = keogram(date.fromisoformat(day), int(hour) if hour else None)
    except ValueError:
        raise ApiError(404, "There is no such day.") from None
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})
