"""The Jinja2 environment of long lists: rows and tiles of which a page has a hundred (`{% long_list %}`)."""

from typing import Any

import jinja2
from django.urls import reverse

from apps.ui.templatetags import portal


def environment(**options: Any) -> jinja2.Environment:
    """Autoescaping as Django sets it; a name that is not there is a mistake; the portal's own filters, and `url`."""
    made = jinja2.Environment(**options | {"undefined": jinja2.StrictUndefined})  # noqa: S701 - autoescape is in `options`
    made.globals["url"] = lambda name, *arguments: reverse(name, args=arguments)
    made.filters |= {each.__name__: each for each in (portal.utc, portal.iso, portal.grouped)}
    return made
