"""What services refuse, as problems. A refusal has the words that it has on the pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, UnreadablePostError

from apps.api.bodies import WrongBody
from apps.aurorax import errors
from apps.permissions import NotAllowed
from apps.readers.errors import UnreadableFile
from apps.ui.middleware import status_of
from apps.ui.problems import problem
from apps.uploads.incoming import BeingMade, FileTooLarge, WrongDigest, WrongOffset
from apps.uploads.receiving import NoRoom, QuotaUsedUp
from apps.uploads.services import UploadRefused

OTHER_BYTES = "What has arrived is not the file that was announced: its SHA-256 is another. Send it again from its beginning."
GO_ON_AT = "The piece does not follow what has arrived. Go on at byte {offset}."
WAIT = "Another request is at this file. Ask again in a few seconds."
KEY_NEEDED = "AuroraX takes no key of this token, or tells your role only when you sign in: do this on the pages of the portal."
LOST = "The request was broken off. Send it again."


def refusal_of(error: Exception) -> HttpResponse | None:
    """The problem that this is; None for a fault."""
    make = next((make for kind, make in REFUSALS.items() if isinstance(error, kind)), None)
    return make(error) if make else None


def of_aurorax(error: errors.AuroraXError) -> HttpResponse:
    """What AuroraX refuses, or cannot answer."""
    if isinstance(error, errors.NotSignedIn):
        return problem(401, "key-needed", "AuroraX does not accept the key", KEY_NEEDED)
    slug = "aurorax-unavailable" if isinstance(error, errors.TryAgain) else "aurorax-refuses"
    wait = (error.retry_after or 60) if isinstance(error, errors.TryAgain) else None
    title = "AuroraX does not answer" if wait else "AuroraX refuses this"
    return problem(status_of(error), slug, title, error.message, retry_after=wait)


def _wrong_offset(error: WrongOffset) -> HttpResponse:
    detail = GO_ON_AT.format(offset=error.offset)
    answer = problem(409, "offset", "Not at this offset", detail, offset=error.offset)
    answer.headers["Upload-Offset"] = str(error.offset)
    return answer


REFUSALS: Mapping[type[Exception], Callable[[Any], HttpResponse]] = {
    errors.AuroraXError: of_aurorax,
    WrongBody: lambda error: problem(422, "body", "Not understood", error.message),
    WrongOffset: _wrong_offset,
    WrongDigest: lambda _: problem(422, "digest", "Another file", OTHER_BYTES),
    BeingMade: lambda _: problem(409, "busy", "Being worked on", WAIT, retry_after=2),
    UnreadableFile: lambda error: problem(422, "unreadable-file", "The file cannot be read", error.message),
    FileTooLarge: lambda error: problem(413, "too-large", "Too large", error.message),
    QuotaUsedUp: lambda error: problem(507, "quota", "No more room for you", error.message),
    NoRoom: lambda error: problem(503, "no-room", "Files cannot be kept", error.message, retry_after=60),
    UploadRefused: lambda error: problem(409, "upload", "Not possible with this upload now", error.message),
    NotAllowed: lambda error: problem(403, "not-allowed", "Not allowed", error.reason),
    Http404: lambda error: problem(404, "not-found", "Not found", str(error)),
    RequestDataTooBig: lambda _: problem(413, "too-large", "Too large", "This body is too large."),
    UnreadablePostError: lambda _: problem(400, "broken-off", "Broken off", LOST),
}
