"""What can go wrong with AuroraX, and the message a person gets.

    AuroraXError
    ├── TryAgain              nothing is wrong with what was asked
    │   ├── Unreachable       no connection, no answer in time, or the answer broke off
    │   ├── Maintenance       503 "maintenance mode": reads work, writes wait
    │   ├── TooManyRequests   429; `retry_after` says how long to wait
    │   ├── ServerError       every other 5xx
    │   ├── UnreadableAnswer  an answer that is not AuroraX's: HTML of a proxy, cut-off JSON, a redirect
    │   └── SearchFailed      a search that ended in an error, took too long, or whose result is gone
    └── Refused               AuroraX understood, and said no
        ├── InvalidRequest    400 and other 4xx; `rows` holds one message for each refused record
        ├── NotSignedIn       401
        ├── NotPermitted      403
        ├── NotFound          404
        └── Conflict          409: the data source exists already, or still holds data

The two families matter to uploads: `TryAgain` pauses and goes on later, `Refused` needs a person.
"""

from collections.abc import Sequence

MAY_BE_DONE = " AuroraX may have carried it out all the same: look before you try again."


class AuroraXError(Exception):
    """Any failure of a call to AuroraX.

    `status` and `code` are the HTTP status and AuroraX's `error_code`, where there was an answer; `error_message` is
    AuroraX's own text. `outcome_unknown` is true when a write may have been carried out although it failed for us, for
    example because the answer was lost; the message then says so.
    """

    default = "AuroraX did not do what was asked."

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        error_message: str = "",
        outcome_unknown: bool = False,
    ) -> None:
        self.plain_message = message or self.default
        super().__init__(self.plain_message)
        self.status = status
        self.code = code
        self.error_message = error_message
        self.outcome_unknown = outcome_unknown

    @property
    def message(self) -> str:
        """What happened and what to do, for a person."""
        return self.plain_message + (MAY_BE_DONE if self.outcome_unknown else "")

    def __str__(self) -> str:
        return self.message


class TryAgain(AuroraXError):
    """Nothing is wrong with the request: the same request may work later. `retry_after` is in seconds."""

    default = "AuroraX could not answer just now. Try again in a few minutes."
    retry_after: float | None = None


class Unreachable(TryAgain):
    """There was no answer: no connection, none in time, or one that broke off half-way."""

    default = "AuroraX does not answer. Nothing is wrong with what you asked for: try again in a few minutes."


class Maintenance(TryAgain):
    """503 with "maintenance mode" in its message: AuroraX takes no writes (facts: issue 77 of PyAuroraX)."""

    default = "AuroraX is in maintenance mode and takes no changes at present. Try again later."


class TooManyRequests(TryAgain):
    """429, or the API's error code `ToManyRequests`."""

    default = "AuroraX asks for a pause: too many requests in a short time. Try again in a minute."


class ServerError(TryAgain):
    """A 5xx that is not maintenance. Over-long fields also end here, as a bare 500: check lengths before sending."""

    default = (
        "AuroraX had a fault of its own. Try again in a few minutes; if it stays, tell the AuroraX team."
    )


class UnreadableAnswer(TryAgain):
    """An answer that did not come from the AuroraX API, or not whole."""

    default = "Something other than AuroraX answered, or the answer came damaged. Try again in a few minutes."


class SearchFailed(TryAgain):
    """A search AuroraX accepted and then could not finish, or whose result it no longer has."""

    default = "AuroraX could not finish this search. Try again, or ask for a shorter time range."


class Refused(AuroraXError):
    """AuroraX understood the request and will not do it; sending the same again will not help."""

    default = "AuroraX refused this."


class InvalidRequest(Refused):
    """400, and any other 4xx without a class of its own. `rows`: one message for each record named in the answer."""

    default = "AuroraX does not accept these values."

    def __init__(
        self,
        message: str = "",
        *,
        rows: Sequence[str] = (),
        status: int | None = None,
        code: str | None = None,
        error_message: str = "",
    ) -> None:
        super().__init__(message, status=status, code=code, error_message=error_message)
        self.rows = tuple(rows)


class NotSignedIn(Refused):
    """401: no credential, an unknown one, or one that died after 30 idle minutes."""

    default = "AuroraX does not accept this sign-in any more. Sign in again."


class NotPermitted(Refused):
    """403: the account may not do this."""

    default = (
        "AuroraX does not allow this for your account. Ask the owner of the data source, or the AuroraX team."
    )


class NotFound(Refused):
    """404 in AuroraX's own words (a proxy's 404 page is `UnreadableAnswer`)."""

    default = "AuroraX has no such record. It may have been deleted."


class Conflict(Refused):
    """409: a data source with this key exists already, or one that still holds data cannot be deleted."""

    default = "AuroraX refused this because it conflicts with what it already holds."


def cannot_keep_up(error: BaseException) -> bool:
    """Whether AuroraX, or a proxy in front of it, asks for fewer requests: 429, or the 503 by which proxies say the same."""
    if isinstance(error, Maintenance):
        return False
    return isinstance(error, TooManyRequests) or (isinstance(error, ServerError) and error.status == 503)


def is_too_large(error: BaseException) -> bool:
    """Whether a body was larger than AuroraX, or a proxy in front of it, takes."""
    return isinstance(error, InvalidRequest) and error.status == 413
