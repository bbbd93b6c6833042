"""Settings, all from the environment; the README's deployment part lists every name.

Nothing here names a council: identity is configuration (``PORTAL_*``).
"""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from vcsportal import api_settings, settings_files
from vcsportal.logs import configure_structlog, logging_config
from vcsportal.queue_addresses import for_broker
from vcsportal.settings_files import *  # noqa: F403
from vcsportal.settings_sign_in import *  # noqa: F403
from vcsportal.settings_sign_in import OIDC_URL

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / ".data"))).resolve()

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` and `make test` set it for you; in production put a long random value in the environment."
    )

SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier keys, which still open what they closed

# Where people reach the portal. Absolute addresses come from here, never from the request's Host header.
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PORTAL_URL])

# Who runs the portal.
PORTAL_NAME = env.str("PORTAL_NAME", default="Voluntary sector strategy")
PORTAL_COUNCIL = env.str("PORTAL_COUNCIL", default="Oxfordshire County Council")
PORTAL_COUNCIL_SLUG = env.str("PORTAL_COUNCIL_SLUG", default="oxfordshire-county-council")
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)  # how long an invitation can be accepted
INVITATIONS_PER_DAY = env.int("INVITATIONS_PER_DAY", default=20)  # by one partner lead, within 24 hours
INVITATIONS_PER_DAY_ADMINISTRATOR = env.int("INVITATIONS_PER_DAY_ADMINISTRATOR", default=200)
PORTAL_CONTACT_EMAIL = env.str("PORTAL_CONTACT_EMAIL", default="portal@example.org")
# Who is responsible for personal data, and whom people write to about it.
PORTAL_DATA_CONTROLLER = env.str("PORTAL_DATA_CONTROLLER", default=PORTAL_COUNCIL)
PORTAL_DATA_PROTECTION_EMAIL = env.str("PORTAL_DATA_PROTECTION_EMAIL", default=PORTAL_CONTACT_EMAIL)
PORTAL_SECURITY_EMAIL = env.str("PORTAL_SECURITY_EMAIL", default="") or PORTAL_CONTACT_EMAIL  # in security.txt
PORTAL_360GIVING_PREFIX = env.str("PORTAL_360GIVING_PREFIX", default="")  # of grants, as registered with 360Giving
PORTAL_BRAND_COLOUR = env.str("PORTAL_BRAND_COLOUR", default="#17424f")
PORTAL_PAPER_SKELETON = env.str("PORTAL_PAPER_SKELETON", default="")  # how its committee papers are laid out
PORTAL_PAPER_IDENTITIES = env.str("PORTAL_PAPER_IDENTITIES", default="")  # names, logos and layouts by owner

# For how many days kinds of personal data are kept, where not as the table says: RETENTION_DAYS=emails=60,times_taken=365.
RETENTION_DAYS = env.dict("RETENTION_DAYS", default={})

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
    "csp",
    "django_structlog",
    "partners.apps.PartnersConfig",
    "commitments.apps.CommitmentsConfig",
    "reporting.apps.ReportingConfig",
    "vcsportal.apps.PortalConfig",
]

MIDDLEWARE = [
    "vcsportal.unavailable.UnavailableMiddleware",  # outermost: a session that can't be read is "not now" too
    "vcsportal.cross_origin.PublicReadsMiddleware",  # around all that answers
    "vcsportal.common.visitors.VisitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vcsportal.public_page_cache.PublicPageCacheMiddleware",  # before the session: most visits end here
    "vcsportal.common.right_to_left.RightToLeftMiddleware",
    "vcsportal.common.private_pages.PrivatePagesMiddleware",  # outside the session, whose cookie it looks at
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vcsportal.api_tokens.ApiTokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "partners.sessions.limits.SessionLimitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "vcsportal.unavailable.WritesMiddleware",  # after the form was found to be ours
    "vcsportal.refusals.RefusedMiddleware",
    "vcsportal.read_limits.ReadLimitMiddleware",
    "partners.sign_in.second_step_guard.SecondStepMiddleware",
    "vcsportal.own_not_found.OwnNotFoundMiddleware",  # in debug only
    "vcsportal.idempotency.IdempotencyMiddleware",  # innermost: its transaction is around the view alone
]

ROOT_URLCONF = "vcsportal.urls"
WSGI_APPLICATION = "vcsportal.wsgi.application"
FORM_RENDERER = "vcsportal.form_renderer.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "debug": env.bool("TEMPLATE_DEBUG", default=DEBUG),  # coverage of templates needs it
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vcsportal.context_processors.portal",
            ],
            "builtins": ["vcsportal.templatetags.portal"],
        },
    },
    {
        # Emails: what enters their Markdown is escaped by an engine of their own (partners/emails/templates.py).
        "NAME": "emails",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "debug": env.bool("TEMPLATE_DEBUG", default=DEBUG),
            "autoescape": False,
            "loaders": [("partners.emails.templates.Loader", ["django.template.loaders.filesystem.Loader"])],
            "builtins": ["vcsportal.templatetags.portal", "partners.emails.templates"],
        },
    },
]

# PostgreSQL is the one database. Migrations may use another role, so that the application's own does not own its tables.
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres:///vcsportal")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "vcsportal.database"  # the same, with limits on every wait (decision 29)
# False where a pooler stands in between that refuses start-up options: docs/deploy.md says what to set in the database then.
DATABASE_LIMITS_BY_OPTIONS = env.bool("DATABASE_LIMITS_BY_OPTIONS", default=True)
# False where a pooler lends a connection to one transaction at a time (docs/scaling.md): a cursor would be left with a stranger.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = not env.bool("DATABASE_SERVER_SIDE_CURSORS", default=True)
if env.str("TEST_DATABASE_NAME", default=""):
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME")}
# Of the threads of one web process: so many write at once, and so many wait for their turn. The others serve readers.
WRITES_AT_ONCE, WRITES_WAITING = env.int("WRITES_AT_ONCE", default=3), env.int("WRITES_WAITING", default=2)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "partners.sign_in.passwords.Length"},
    {"NAME": "partners.sign_in.passwords.NotGuessedFirst"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "commitments:my-work"
LOGOUT_REDIRECT_URL = "commitments:home"

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # no script of ours reads either
SESSION_ENGINE = "partners.sessions.engine"
SESSION_COOKIE_AGE = 60 * 60 * 12  # however much it is used
# Unused for so long, a session ends: sooner for administrators and officers, who sign in by a second step.
SESSION_UNUSED_STAFF = timedelta(minutes=env.int("SESSION_UNUSED_STAFF_MINUTES", default=60))
SESSION_UNUSED = timedelta(minutes=env.int("SESSION_UNUSED_MINUTES", default=4 * 60))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTAL_URL.startswith("https://")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PORTAL_URL.startswith("https://"))
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if PORTAL_URL.startswith("https://") else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# How many proxies of ours add the address they were called from to X-Forwarded-For; docs/deploy.md says what goes wrong otherwise.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if BEHIND_PROXY else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "British English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
WHITENOISE_USE_FINDERS = DEBUG
# The fonts for print, which no page asks for, and maps for developers: compressing these took most of collecting the files.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf", "map")
STORAGES = {
    "default": settings_files.storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Never served by a URL of its own: files go out through views that ask who may see them.
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = ""
# Reads of the API and searches, for each address and for each person who has signed in. 0: no limit.
READS_A_MINUTE = env.int("READS_A_MINUTE", default=0 if DEBUG else 120)
READS_A_MINUTE_SIGNED_IN = env.int("READS_A_MINUTE_SIGNED_IN", default=0 if DEBUG else 300)
PAPER_FORMS_A_MINUTE = env.int("PAPER_FORMS_A_MINUTE", default=30)  # drawn anew for one address; stored ones are free

# Email. Where no server is named, emails are kept in the data folder and shown at /dev/mail/ in debug.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@example.org")
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 10
DEV_MAIL_DIR = DATA_DIR / "mail"
# GOV.UK Notify instead of a mail server needs the extra "notify" and a template "((subject))" with the text "((body))".
NOTIFY_API_KEY, NOTIFY_TEMPLATE_ID = env.str("NOTIFY_API_KEY", default=""), env.str("NOTIFY_TEMPLATE_ID", default="")
NOTIFY_URL = env.str("NOTIFY_URL", default="https://api.notifications.service.gov.uk")
if NOTIFY_API_KEY:
    EMAIL_BACKEND = "partners.emails.notify.NotifyBackend"
elif env.str("EMAIL_URL", default=""):
    globals().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "vcsportal.development_email.FileBackend"
# Kinds of email with lines of their own in the head: which function gives them.
MAIL_HEADERS = {
    "follow:news": "reporting.services.following_emails.mail_headers",
    "round:handed": "commitments.services.task_links.mail_headers",
    "round:joined": "commitments.services.task_links.mail_headers",
    "round:opening": "commitments.services.task_links.mail_headers",
    "round:reminder": "commitments.services.task_links.mail_headers",
}

# Queue. The row in the database is a job's truth; a message only carries its key.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
QUEUE_PREFIX = env.str("QUEUE_PREFIX", default="vcsportal:")  # lets two portals share one server
CELERY_BROKER_URL = for_broker(REDIS_URL)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_SECONDS", default=120)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 30
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 320_000  # KiB; a process that has grown past it is replaced (decision 12)
WORKER_ADDRESS_SPACE = env.int("WORKER_ADDRESS_SPACE", default=2 * 1024**3)  # bytes; a task that wants more fails alone
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2 * CELERY_TASK_TIME_LIMIT + 30,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "global_keyprefix": QUEUE_PREFIX,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = {"reporting.tasks.produce_edition": {"queue": "pdf"}}
CELERY_TASK_DEFAULT_QUEUE = "default"
# A worker that has been silent for so long has lost its edition; it says that it lives four times as often.
REPORT_LEASE_SECONDS = env.int("REPORT_LEASE_SECONDS", default=60)
# So many processes draw one report at the same time; 0 means as many as the machine has processors and memory for.
REPORT_PROCESSES = env.int("REPORT_PROCESSES", default=0)
REPORT_SWEEP_SECONDS = env.int(
    "REPORT_SWEEP_SECONDS", default=60
)  # so often each worker asks for a sweep, beat or no beat
# A message is thrown away unread when it has run out by the clock of the worker, which may be hours off beat’s: so it lasts
# longer than clocks differ. Doing one late or twice does no harm, and the oldest few thousand take seconds.
MESSAGE_SECONDS = 6 * 60 * 60
LASTING = {"expires": MESSAGE_SECONDS}
# Backups: for whom they are encrypted, and where and when beat lets the worker make them (docs/deploy.md).
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])  # public keys of age
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="")  # "" for none by the calendar
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
BACKUP_HOUR = env.int("BACKUP_HOUR", default=1)

CELERY_BEAT_SCHEDULE = {
    "sweep-editions": {"task": "reporting.tasks.sweep_editions", "schedule": 20.0, "options": LASTING},
    "clear-leftovers": {"task": "reporting.tasks.clear_leftovers", "schedule": crontab(minute=35)},
    "clear-leftovers-of-evidence": {"task": "commitments.tasks.clear_leftovers", "schedule": crontab(minute=40)},
    "advance-rounds": {"task": "commitments.tasks.advance_rounds", "schedule": crontab(minute=5)},
    "plan-reminders": {
        "task": "commitments.tasks.plan_reminders",
        "schedule": crontab(minute=10, hour="8-17", day_of_week="mon-fri"),
    },
    "check-published-files": {"task": "vcsportal.tasks.check_published_files", "schedule": crontab(minute=20, hour=3)},
    **(
        {"backup": {"task": "vcsportal.tasks.back_up", "schedule": crontab(minute=10, hour=BACKUP_HOUR)}}
        if BACKUP_FOLDER
        else {}
    ),
    "apply-retention": {"task": "vcsportal.tasks.apply_retention", "schedule": crontab(minute=40, hour=2)},
    # Every hour, should the worker have been away just after midnight.
    "keep-data-snapshot": {"task": "vcsportal.tasks.keep_data_snapshot", "schedule": crontab(minute=50)},
    "review-suspensions": {"task": "vcsportal.tasks.review_suspensions", "schedule": crontab(minute=15)},
    "send-followers-news": {"task": "vcsportal.tasks.send_followers_news", "schedule": crontab(minute=50, hour="7-17")},
    "send-mails": {"task": "partners.tasks.send_mails", "schedule": 30.0, "options": LASTING},
    # Just after midnight, when appointments begin and end; then each quarter of an hour, should the worker have been away.
    "keep-seat-roles": {"task": "partners.tasks.keep_seat_roles", "schedule": crontab(minute="1,16,31,46")},
    "clear-sessions": {"task": "partners.tasks.clear_sessions", "schedule": crontab(minute=25, hour=4)},
    "link-security-events": {"task": "partners.tasks.link_security_events", "schedule": 60.0, "options": LASTING},
    "worker-heartbeat": {"task": "vcsportal.tasks.heartbeat", "schedule": 10.0, "options": LASTING},
}

CACHES = {"default": {"BACKEND": "vcsportal.cache.FallingBackCache", "LOCATION": REDIS_URL, "KEY_PREFIX": QUEUE_PREFIX}}

# Sign-in (django-allauth): invitation only; password for officers, an emailed code for partners.
ACCOUNT_ADAPTER = "partners.sign_in.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # the library takes the password box of sign-in from here
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 20 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PORTAL_URL.startswith("https://") else "http"
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ALLAUTH_TRUSTED_PROXY_COUNT = (
    TRUSTED_PROXY_COUNT  # partners.sign_in.adapter reads the address itself, as everything here does
)
# Acts that an open browser should not be enough for ask people to confirm who they are, after so many seconds.
ASK_AGAIN_AFTER_SECONDS = env.int("ASK_AGAIN_AFTER_SECONDS", default=10 * 60)
SECOND_STEP_DAYS = env.int("SECOND_STEP_DAYS", default=14)  # for setting up a first second step, from the invitation
MFA_REAUTHENTICATION_REQUIRED = False  # partners.page_parts.reauthentication asks, people without a password too
MFA_ADAPTER = "partners.sign_in.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = PORTAL_NAME
MFA_TOTP_TOLERANCE = 1  # clocks differ

if OIDC_URL:  # a form that leads there has to be allowed to
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append("/".join(OIDC_URL.split("/")[:3]))
SOCIALACCOUNT_ADAPTER = "partners.sign_in.provider.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

SPECTACULAR_SETTINGS = api_settings.description(name=PORTAL_NAME, url=PORTAL_URL)
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
globals().update(api_settings.CORS)

configure_structlog()
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = (
    False  # it would log the address a visitor chose; vcsportal.logs adds the trusted one
)
LOGGING = logging_config(debug=DEBUG)
