"""`python -m tests.catalogue` makes the world in the portal that the environment names, and prints it as JSON."""

import json
from dataclasses import asdict

import django

django.setup()

from django.conf import settings  # noqa: E402

from tests.catalogue.preparing import Preparation  # noqa: E402
from tests.support.sandbox import Sandbox  # noqa: E402

print(json.dumps(asdict(Preparation(Sandbox(settings.AURORAX_API_URL)).world())))
