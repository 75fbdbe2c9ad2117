"""Settings of the portal. Every choice that differs between machines comes from the environment: see `.env.example`."""

import os
import tempfile
from urllib.parse import urlencode

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from portal import caching, env, error_reports, installed, logs

BASE_DIR = env.BASE_DIR
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", file="secret_key")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
PORTAL_HOST = env.text("PORTAL_HOST", "127.0.0.1")
PORTAL_PORT = env.integer("PORTAL_PORT", 8000, least=1, most=65535)

# AuroraX -------------------------------------------------------------------------------------------------------------
SANDBOX_PORT = env.integer("SANDBOX_PORT", 8080, least=1, most=65535)
AURORAX_API_URL = env.url("AURORAX_API_URL", f"http://127.0.0.1:{SANDBOX_PORT}")
AURORAX_ENVIRONMENT = env.choice(
    "AURORAX_ENVIRONMENT", ["auto", "sandbox", "staging", "production"], default="auto"
)
AURORAX_CONTACT = env.text("AURORAX_CONTACT")  # e-mail address of whoever changes owners
AURORAX_CONNECT_TIMEOUT = env.integer("AURORAX_CONNECT_TIMEOUT", 5, least=1)  # seconds
AURORAX_READ_TIMEOUT = env.integer("AURORAX_READ_TIMEOUT", 60, least=1)  # seconds
AURORAX_SEARCH_TIMEOUT = env.integer("AURORAX_SEARCH_TIMEOUT", 300, least=1)  # seconds
AURORAX_SEARCHES_AT_ONCE = env.integer("AURORAX_SEARCHES_AT_ONCE", 4, least=1, most=16)
CREDENTIAL_KEYS = env.fernet_keys("CREDENTIAL_KEYS", file="credential_key")
# AuroraX lets a session die after 30 idle minutes (API document, "Authenticate"); the page warns five minutes earlier.
AURORAX_SESSION_IDLE_MINUTES = env.integer("AURORAX_SESSION_IDLE_MINUTES", 30, least=1)
# Failures in 15 minutes: for an account or a key, and for a network address. 9 of 1,000 guesses are less than 1%.
SIGN_IN_ATTEMPTS = env.integer("SIGN_IN_ATTEMPTS", 10, least=1)
SIGN_IN_ATTEMPTS_PER_ADDRESS = env.integer("SIGN_IN_ATTEMPTS_PER_ADDRESS", 9, least=1)
SIGN_IN_ATTEMPTS_TOGETHER = env.integer("SIGN_IN_ATTEMPTS_TOGETHER", 200, least=1)  # of all, from everywhere
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)  # in front of the portal, each adding to X-Forwarded-For

# Uploads -------------------------------------------------------------------------------------------------------------
UPLOAD_MAX_MEGABYTES = env.integer("UPLOAD_MAX_MEGABYTES", 1024, least=1)
UPLOAD_MAX_UNPACKED_MEGABYTES = env.integer("UPLOAD_MAX_UNPACKED_MEGABYTES", 4096, least=1)
# What one file may take of the process that reads it. Processor time may be twice the seconds.
UPLOAD_READ_MEGABYTES = env.integer("UPLOAD_READ_MEGABYTES", 1024, least=128)
UPLOAD_READ_SECONDS = env.integer("UPLOAD_READ_SECONDS", 600, least=1)
# Records of a request and requests at once: found out while sending (None), or fixed; and how far that may go. Towards the
# real AuroraX no further than its owners can be expected to welcome.
POLITE = AURORAX_API_URL.partition("//")[2].partition("/")[0].partition(":")[0].endswith("aurorax.space")
UPLOAD_PACE = env.pace_or_auto("UPLOAD_PACE")
UPLOAD_PACE_MOST = env.pace("UPLOAD_PACE_MOST", "2000x4" if POLITE else "2000x8")
# The older way to fix either of them. By so many records (500 where it is not set) a file is compared and read back, too.
UPLOAD_CHUNK_RECORDS = env.integer_if_set("UPLOAD_CHUNK_RECORDS", 500, least=1, most=env.MOST_RECORDS)
UPLOAD_CONNECTIONS = env.integer_if_set("UPLOAD_CONNECTIONS", 1, least=1, most=env.MOST_CONNECTIONS)
UPLOAD_VERIFY_SECONDS = env.integer("UPLOAD_VERIFY_SECONDS", 600, least=1)
# From how far on a b-trace of a site is flagged, beside what is computed.
TRACE_TOLERANCE_DEGREES = env.number("TRACE_TOLERANCE_DEGREES", 0.05, least=0, most=180)
# What one person may have here at once, and for how long what is over is kept: docs/operations.md.
UPLOAD_QUOTA_MEGABYTES = env.integer("UPLOAD_QUOTA_MEGABYTES", 20_480, least=1)
UPLOAD_QUOTA_FILES = env.integer("UPLOAD_QUOTA_FILES", 2000, least=1)
KEEP_FILES_DAYS = env.integer("KEEP_FILES_DAYS", 30, least=1)
KEEP_DRAFTS_DAYS = env.integer("KEEP_DRAFTS_DAYS", 30, least=1)
KEEP_COPIES_DAYS = env.integer("KEEP_COPIES_DAYS", 90, least=1)
UPLOADS_AT_ONCE = env.integer("UPLOADS_AT_ONCE", 2, least=1)  # of one person; the others wait their turn
UPLOAD_LEASE_SECONDS = env.integer("UPLOAD_LEASE_SECONDS", 30, least=2)  # then a silent worker counts as lost

# Applications --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [*installed.APPS]
MIDDLEWARE = installed.MIDDLEWARE
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
# Ours from templates/; those of form widgets from the packages that bring them.
TEMPLATE_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.shell",
            ],
            "loaders": TEMPLATE_LOADERS
            if DEBUG
            else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "builtins": ["django.templatetags.static", "apps.ui.templatetags.portal"],
        },
    },
    {  # long lists only, through {% long_list %}: docs/decisions/0011-jinja2-for-long-lists.md
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "apps.ui.jinja_environment.environment",
            "trim_blocks": True,
            "lstrip_blocks": True,
        },
    },
]
FORM_RENDERER = "apps.ui.forms.PortalRenderer"

# Signing in ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.AuroraXBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "overview"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds

# Where things are kept -----------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", "sqlite:///var/portal.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.url("REDIS_URL", "redis://127.0.0.1:6379/0", schemes=["redis", "rediss", "unix"])
CACHE = env.choice("CACHE", ["memory", "redis"], default="memory")
CACHES = caching.configuration(REDIS_URL if CACHE == "redis" else None)

# Background work: `django.tasks` as Django 6 has it. The queue only wakes a worker; the truth is in the database. -----
TASK_QUEUE = env.choice("TASK_QUEUE", ["database", "rq", "immediate"], default="database")
TASK_BACKENDS = {
    "database": "django_tasks_db.DatabaseBackend",
    "rq": "django_tasks_rq.RQBackend",
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
}
WORKER_THREADS = env.integer("WORKER_THREADS", 4, least=1, most=64)
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASK_QUEUE]}}
RQ_URL = f"{REDIS_URL}{'&' if '?' in REDIS_URL else '?'}{urlencode(caching.REDIS_TIMEOUTS)}"  # its only place for them
RQ_QUEUES = {"default": {"URL": RQ_URL, "DEFAULT_TIMEOUT": 24 * 60 * 60}}
INSTALLED_APPS += ["django_tasks_db"] if TASK_QUEUE != "rq" else ["django_rq", "django_tasks_rq"]

# Uploaded files ------------------------------------------------------------------------------------------------------
FILE_STORAGE = env.choice("FILE_STORAGE", ["local", "s3"], default="local")
MEDIA_ROOT = BASE_DIR / env.text("MEDIA_ROOT", "var/files")
FILE_UPLOAD_PERMISSIONS = 0o600  # readable by the portal's own user only
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
LOCAL_FILES = {"BACKEND": "portal.storage.LocalFiles", "OPTIONS": {"location": MEDIA_ROOT}}
S3_FILES = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": env.text("S3_BUCKET"),
        "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
        "default_acl": "private",
        "querystring_auth": True,
    },
}
STORAGES = {
    "default": S3_FILES if FILE_STORAGE == "s3" else LOCAL_FILES,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
if FILE_STORAGE == "local":
    env.keep_private(MEDIA_ROOT, 0o700)
if FILE_STORAGE == "s3" and not env.text("S3_BUCKET"):
    raise env.WrongSetting("S3_BUCKET", "", "Name the bucket, or set FILE_STORAGE=local.")
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / env.text("STATIC_ROOT", "var/static")
FILE_UPLOAD_HANDLERS = [
    "apps.uploads.receiving.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "apps.uploads.receiving.TemporaryFiles",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # bytes of a form without its files: pasted rows
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes; larger files go to disk while they arrive
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a schema of many fields is one form

MESSAGE_TAGS = {message_levels.ERROR: "danger"}  # Tabler's word for it

# Telling people -------------------------------------------------------------------------------------------------------
PORTAL_URL = env.url("PORTAL_URL", f"http://{PORTAL_HOST}:{PORTAL_PORT}")  # in what leaves the portal
EMAIL_HOST = env.text("EMAIL_HOST")  # without one no e-mail is sent
EMAIL_PORT = env.integer("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", ["none", "starttls", "tls"], default="none")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_USER"), env.text("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "AuroraX Provider Portal <portal@localhost>")
OUTBOUND_HOSTS = [host.lower() for host in env.listing("OUTBOUND_HOSTS")]

# Standing feeds: docs/feeds.md ---------------------------------------------------------------------------------------
FEED_HOSTS = [host.lower() for host in env.listing("FEED_HOSTS")]  # none: every public one
FEED_FOLDERS = env.places("FEED_FOLDERS")
FEED_BUCKETS = env.places("FEED_BUCKETS")  # bucket, or bucket/prefix
FEED_S3_ENDPOINT_URL = env.text("FEED_S3_ENDPOINT_URL") or env.text("S3_ENDPOINT_URL")
FEED_FETCH_SECONDS = env.integer("FEED_FETCH_SECONDS", 600, least=10)  # for one file

# Language and time: everything is UTC and says so. --------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# Safety --------------------------------------------------------------------------------------------------------------
HTTPS = env.flag("HTTPS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked from inside, without the proxy that ends TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "apps.ui.errors.csrf_failure"
# Hosts whose pictures the gallery shows by itself (a sandbox on this machine too); those of others when a person asks.
SANDBOX_HOSTS = [AURORAX_API_URL.partition("//")[2]] if "//127.0.0.1:" in AURORAX_API_URL else []
GALLERY_HOSTS = [host.lower() for host in env.listing("GALLERY_HOSTS", default=SANDBOX_HOSTS)]
OWN_FILES = {key: [SELF] for key in ["script-src", "style-src", "font-src", "connect-src", "form-action"]}
NOTHING = {key: [NONE] for key in ["default-src", "base-uri", "frame-ancestors"]}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": OWN_FILES | NOTHING | {"img-src": [SELF, "data:"]}}

# For the machine room: docs/operations.md ---------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", ["debug", "info", "warning", "error"], default="info").upper()
LOG_FORMAT = env.choice("LOG_FORMAT", ["line", "json"], default="line")
LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL)
METRICS_TOKEN = env.text("METRICS_TOKEN")
# Each worker tells of its own calls to AuroraX there; 0: nowhere.
WORKER_METRICS_PORT = env.integer("WORKER_METRICS_PORT", 0, most=65535)
WORKER_METRICS_HOST = env.text("WORKER_METRICS_HOST", "127.0.0.1")
if (
    TASK_QUEUE == "rq" and WORKER_METRICS_PORT
):  # workers fork for each task: parent and children count in files
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="portal-metrics-"))
if SENTRY_DSN := env.text("SENTRY_DSN"):
    error_reports.start(SENTRY_DSN, AURORAX_ENVIRONMENT)
