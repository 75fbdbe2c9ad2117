"""Settings of the sandbox process. Nothing here is a secret: its accounts, passwords and keys are published."""

from apps.sandbox import env
from apps.sandbox.switches import NAMES, Switches, changed

SANDBOX_HOST = env.text("SANDBOX_HOST", "127.0.0.1")
SANDBOX_PORT = env.port("SANDBOX_PORT", 8080)
SANDBOX_SEED = env.choice("SANDBOX_SEED", ("full", "small"), "full")
SANDBOX_RESULTS_DIR = env.BASE_DIR / env.text("SANDBOX_RESULTS_DIR", "var/sandbox-results")
try:
    SANDBOX_SWITCHES = changed(Switches(), env.given(NAMES))
except ValueError as problem:
    raise SystemExit(f"A SANDBOX_ variable cannot be used: {problem}") from None

DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["apps.sandbox"]
ROOT_URLCONF = "apps.sandbox.urls"
MIDDLEWARE = [
    "apps.sandbox.middleware.FoldSlashes",
    "apps.sandbox.middleware.WholeBody",
    "apps.sandbox.middleware.ErrorDocuments",
    "apps.sandbox.faults.Faults",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": env.database("SANDBOX_DATABASE_URL", "sqlite:///var/sandbox.sqlite3")}
# The passwords are printed on the sandbox's own page: a fast hash keeps sign-in and tests quick.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# API document, "Manage Data": very large files are fine. Records are decoded from one body in memory, so there is an end.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024 * 1024  # bytes

TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "sandbox {levelname} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Refusals are its daily work and not worth a line; its own mistakes are logged by middleware.py.
    "loggers": {"django": {"level": "CRITICAL"}},
}
