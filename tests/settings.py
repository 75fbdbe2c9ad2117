"""The portal's settings as the tests use them: nothing shared with a portal that runs beside them."""

import tempfile
from pathlib import Path

from portal.settings import *

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "answers", "sign-in")
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = Path(tempfile.gettempdir())  # nothing is written there: files stay in memory
SECURE_SSL_REDIRECT = False
UPLOAD_VERIFY_SECONDS = 10
GALLERY_HOSTS = []
WHITENOISE_AUTOREFRESH = True
