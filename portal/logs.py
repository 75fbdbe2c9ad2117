"""How log lines look: for people by default, as one JSON object each with LOG_FORMAT=json. Neither holds a secret."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from apps.jobs import log_context

HIDDEN = "[hidden]"
# Tokens of the portal, credentials of AuroraX, headers, passwords in addresses, and fields of forms and JSON. Nothing of ours logs one; this is
# for messages of libraries and for exceptions.
SECRETS = re.compile(
    r"""(?ix)
    (?P<before> (?:x-aurorax-api-key|x-aurorax-access-token|authorization|cookie) ["']? \s* [:=] \s* ["']? (?:bearer\s+|basic\s+)?
      | (?:password|passwd|api_key|access_token|refresh_token|secret_key|secret|csrfmiddlewaretoken|sessionid|csrftoken)
        ["']? \s* [:=] \s* ["']?
      | ://[^\s/:@]*: (?=[^\s/@]+@)
      | axp_[a-z0-9]{8}_ )
    (?P<secret> [^\s"',;&@]+ )
    """
)


def configuration(log_format: str, level: str) -> dict[str, Any]:
    """`settings.LOGGING`: everything to the console, as lines or as JSON."""
    line = {
        "()": "portal.logs.LineFormatter",
        "format": "{asctime} {levelname} {name} {message}",
        "style": "{",
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line, "json": {"()": "portal.logs.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": log_format}},
        "root": {"handlers": ["console"], "level": level},
    }


def redacted(text: str) -> str:
    """The text without what looks like a credential."""
    return SECRETS.sub(lambda match: match["before"] + HIDDEN, text)


class LineFormatter(logging.Formatter):
    """One line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        return redacted(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object: `time` (ISO, UTC), `level`, `logger`, `message`; where there is one `request_id`, `upload_id`,
    `exception`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The object, on one line."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            **log_context.fields(),
        }
        if record.exc_info:
            entry["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
