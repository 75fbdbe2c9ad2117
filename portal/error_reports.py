"""Sentry, where SENTRY_DSN names one. Off by default."""

from typing import Any

import sentry_sdk

from portal.logs import HIDDEN, redacted


def start(dsn: str, environment: str) -> None:
    """Report faults from here on: no bodies, no people, no local variables, and no text that looks like a secret."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        traces_sample_rate=0.0,
        before_send=without_secrets,
        before_breadcrumb=without_secrets,
    )


def without_secrets(value: Any, hint: Any = None) -> Any:
    """The same report, with every text in it redacted, and headers and cookies hidden."""
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    if isinstance(value, dict):
        return {
            name: HIDDEN if name in ("headers", "cookies") else without_secrets(each)
            for name, each in value.items()
        }
    return value
