"""Settings. All that differs between installations comes from the environment by `alliance.env`; a
setting either has a default that is safe for production, or none."""

import sys
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from alliance import env

BASE_DIR = Path(__file__).resolve().parent.parent

# Data of embedded servers, uploads and the run state. Operators put it on a disk with backups.
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / "data")

# DEVELOPMENT=1 is what `make run` sets: local mailbox, one-click sign-in, plain-text logs.
DEVELOPMENT = env.flag("DEVELOPMENT")
TESTING = env.flag("TESTING")
DEBUG = False

# The one public address: mails, feeds and canonical links are built from it, never from Host.
SITE_URL = env.text("SITE_URL", "http://localhost:8000" if DEVELOPMENT or TESTING else "")
SITE_URL = SITE_URL.rstrip("/")
if not SITE_URL:
    if len(sys.argv) > 1 and sys.argv[1] in {"up", "collectstatic", "makemigrations"}:
        SITE_URL = "http://localhost:8000"
    else:
        raise ImproperlyConfigured("Set SITE_URL, such as https://alliance.example.")
SITE_NAME = env.text("SITE_NAME", "Alliance")
SECURE = SITE_URL.startswith("https://")
# The release in ETags, the same on all machines behind one address. Empty: by file dates.
RELEASE = env.text("RELEASE")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [urlsplit(SITE_URL).hostname or "localhost"]

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if DEVELOPMENT or TESTING:
        SECRET_KEY = "for-development-only-" + "x" * 40
    elif len(sys.argv) > 1 and sys.argv[1] in {"up", "collectstatic", "makemigrations"}:
        SECRET_KEY = "unused-by-this-command-" + "x" * 40
    else:
        raise ImproperlyConfigured("Set SECRET_KEY or SECRET_KEY_FILE (50 random characters).")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# Apps, lowest layer first.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "common.ui",
    "common.access",
    "common.public_changes",
    "common.record",
    "common.links",
    "common.comparisons",
    "common.files",
    "common.pdf",
    "common.mail",
    "common.vocabulary",
    "common.search",
    "common.text",
    "common.addresses",
    "common.drafts",
    "members.people",
    "notifications",
    "members.organizations",
    "members.onboarding",
    "workinggroups.groups",
    "workinggroups.attachments",
    "workinggroups.discussion",
    "workinggroups.meetings",
    "workinggroups.decisions",
    "workinggroups.deliverables",
    "catalogue",
    "alliance.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "knox",
    "csp",
    "django_htmx",
]
# The demonstration data is the highest layer; an installation can leave it out.
if (BASE_DIR / "demo" / "apps.py").is_file():
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "common.http.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alliance.server.middleware.RefusedBody",
    "common.http.middleware.CleanInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.people.middleware.SessionLimits",
    "members.people.known_browsers.KnownBrowsers",
    "common.http.page_limit.PageLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "alliance.portal.middleware.ViewerMiddleware",
    "members.people.middleware.SecondFactorGate",
    "workinggroups.groups.middleware.BreakGlassReads",
    "common.drafts.middleware.Drafts",
    "common.addresses.moved.FormerAddresses",
    "common.http.middleware.ViewErrors",
    "common.http.middleware.ApiETags",
]

ROOT_URLCONF = "alliance.urls"
WSGI_APPLICATION = "alliance.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "alliance.portal.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                *(
                    f"common.ui.templatetags.{subject}"
                    for subject in (
                        *("icons", "site", "navigation", "states", "people", "dates", "texts"),
                        *("lists", "charts", "forms", "fragments"),
                    )
                ),
                "common.drafts.templatetags.drafts",
                "common.undo.templatetags.undo",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "common.ui.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# Database and Valkey.
_running = env.running_servers(DATA_DIR)
DATABASE_URL = env.text("DATABASE_URL") or _running.get("database_url", "")
REDIS_URL = env.text("REDIS_URL") or _running.get("redis_url", "")

DATABASES = {
    "default": {
        **env.database(DATABASE_URL or "postgresql:///alliance?host=/nonexistent"),
        # A thread keeps its connection; a new connection for each request costs four times a page.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"TEMPLATE": "template0"},
    }
}
if env.text("PROCESS_KIND") == "web":
    # Only for pages: a migration or a bulk load must not be interrupted.
    DATABASES["default"]["OPTIONS"]["options"] = (
        "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=15s"
    )
# How long a start waits for its servers, in seconds: one can be recovering from a crash.
CONNECT_SECONDS = env.number("CONNECT_SECONDS", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Can be another server than the broker; a lost cache only loses counters.
CACHE_URL = env.text("CACHE_URL") or REDIS_URL
CACHES = {
    "default": {
        "BACKEND": "common.valkey.BriefRedisCache",
        "LOCATION": CACHE_URL or "unix:///nonexistent",
        "KEY_PREFIX": "alliance",
        "TIMEOUT": 300,
    }
}

# Background work.
CELERY_BROKER_URL = env.celery_broker(REDIS_URL) or "memory://"
# Mail has its own queue, so that a slow relay delays nothing else. A worker without --queues serves
# both.
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = [Queue("celery"), Queue("mail")]
CELERY_TASK_ROUTES = {"mail.deliver_due": {"queue": "mail"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "global_keyprefix": "alliance:",
    # A dead or hanging broker must not delay the page that enqueues a task: by default kombu retries
    # for seconds and waits for an answer forever. Workers reconnect by another setting.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
}
if env.text("PROCESS_KIND") == "web":
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 2,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.4,
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"

# EMAIL_URL=smtp://user:secret@host:587?tls=1 names the relay; without it `make run` catches mail.
EMAIL_URL = env.text("EMAIL_URL")
_mail = urlsplit(EMAIL_URL or _running.get("email_url", "") or "smtp://localhost:25")
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = _mail.username or ""
EMAIL_HOST_PASSWORD = _mail.password or ""
EMAIL_USE_TLS = "tls=1" in _mail.query
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_BACKEND = "common.mail.relay.RelayBackend"
# Time limits in seconds: for the relay's greeting, for each later answer, and for a whole mail.
EMAIL_CONNECT_TIMEOUT = 5
EMAIL_TIMEOUT = 20
EMAIL_TOTAL_TIMEOUT = 40
# An address, with a display name ("Alliance <alliance@alliance.example>") or without one.
MAIL_FROM_NAME, MAIL_FROM_ADDRESS = env.mailbox(
    "DEFAULT_FROM_EMAIL", f"alliance@{urlsplit(SITE_URL).hostname}", name_default=SITE_NAME
)
DEFAULT_FROM_EMAIL = formataddr((MAIL_FROM_NAME, MAIL_FROM_ADDRESS))
SERVER_EMAIL = MAIL_FROM_ADDRESS
# The domain in List-Id and Message-ID; stays when the site moves.
MAIL_DOMAIN = env.text("MAIL_DOMAIN", urlsplit(SITE_URL).hostname or "localhost")

# The address for help, shown on the page Contact, in mails and on error pages.
CONTACT_EMAIL = env.address("CONTACT_EMAIL")
# The contact in /.well-known/security.txt for reports of vulnerabilities.
SECURITY_CONTACT = env.text("SECURITY_CONTACT", f"security@{urlsplit(SITE_URL).hostname}")

# Accounts and sign-in.
AUTH_USER_MODEL = "people.Person"
# Addresses are unique regardless of capitals, by a constraint over lower(email), which W004 misses.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "members.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "members.people.forms.SignUpForm",
    "login": "members.people.forms.SignInForm",
    "request_login_code": "members.people.forms.MailCodeForm",
    "confirm_login_code": "members.people.forms.SignInCodeForm",
    "confirm_email_verification_code": "members.people.forms.AddressCodeForm",
    "confirm_password_reset_code": "members.people.forms.ResetCodeForm",
    "reset_password": "members.people.forms.ResetForm",
    "reset_password_from_key": "members.people.forms.ResetPasswordForm",
    "change_password": "members.people.forms.ChangePasswordForm",
    "set_password": "members.people.forms.SetPasswordForm",
    "add_email": "members.people.forms.NewAddressForm",
    "reauthenticate": "members.people.forms.ConfirmForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Mail can take a while: all codes are valid as long as that which confirms an address (seconds).
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_SESSION_REMEMBER = False
# Limits beside our own (`members/people/guessing.py` and `anonymous_mail.py` count password guesses and
# mails, the same for all addresses). Sixty invited people can sign up from one network in a minute;
# each costs a password hash.
ACCOUNT_RATE_LIMITS = {
    "signup": "60/m/ip",
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
    "confirm_email": None,
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "members.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "members.people.forms.AppCodeForm",
    "reauthenticate": "members.people.forms.ConfirmAppCodeForm",
    "activate_totp": "members.people.forms.SetUpAppForm",
}
MFA_TOTP_ISSUER = SITE_NAME
# Roles that require a second factor: staff, chair, representative.
MFA_REQUIRED_ROLES = env.words(
    "MFA_REQUIRED_ROLES", "" if DEVELOPMENT or TESTING else "staff,chair,representative"
)

# Kinds of membership whose organizations vote in groups: member, collaborator, expert.
VOTING_MEMBERSHIP_KINDS = env.choices(
    "VOTING_MEMBERSHIP_KINDS", "member", allowed={"member", "collaborator", "expert"}
)

# Cookies, transport, headers.
_prefix = "__Host-" if SECURE else ""
SESSION_ENGINE = "members.people.sessions"
SESSION_COOKIE_NAME = f"{_prefix}sid"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"{_prefix}csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "common.http.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
LANGUAGE_COOKIE_NAME = "language"
SECURE_SSL_REDIRECT = SECURE
if env.flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o640
# The largest request body that the gateway accepts, in bytes: an upload of 25 MB and its form.
BODY_MAX_BYTES = 26 * 1024 * 1024
# Threads that answer pages in a web process. Python computes in one thread at a time, so more are
# no faster; a few keep `make run` responsive without a proxy.
PAGE_THREADS = env.number("PAGE_THREADS", 4 if DEVELOPMENT else 1)
# Pages and API requests a minute for an account, or a visitor without one; 0 disables the limit.
PAGES_A_MINUTE = env.number("PAGES_A_MINUTE", 0 if TESTING else 300)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Languages, time, files.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
# Translating every text costs a tenth of a page; a second language turns it on.
USE_I18N = len(LANGUAGES) > 1
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
# The address of clamd, which scans uploads for viruses; without it they are not scanned.
CLAMD_URL = env.scanner("CLAMD_URL")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "common.ui.stylesheets.JoinedStylesStorage"
    },
}
# Pages refer to static files by their hashed names only: copies under plain names would double the
# time for compression at the first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# API.
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["common.api.access.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "members.people.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "common.http.pagination.CursorPagination",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "common.api.schema.Description",
    "EXCEPTION_HANDLER": "common.api.problems.problem",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "people.ApiToken"  # noqa: S105 (a model, no password)
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "alliance_"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Alliance API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "OrganizationKind": "members.organizations.choices.Kind",
        "GroupKind": "workinggroups.groups.choices.GroupKind",
        "GroupState": "workinggroups.groups.choices.GroupState",
        "ParticipationLevel": "workinggroups.groups.choices.ParticipationLevel",
        "ActionItemState": "workinggroups.groups.choices.ActionItemState",
        "MeetingState": "workinggroups.meetings.choices.MeetingState",
        "Frequency": "workinggroups.meetings.choices.Frequency",
        "Availability": "workinggroups.meetings.choices.Availability",
        "ProposalState": "workinggroups.meetings.choices.ProposalState",
        "MinutesState": "workinggroups.meetings.choices.MinutesState",
        "MinutesRule": "workinggroups.groups.choices.MinutesRule",
        "VotingUnit": "workinggroups.groups.choices.VotingUnit",
        "VotingApproval": "workinggroups.groups.choices.Approval",
        "VoteBase": "workinggroups.groups.choices.VoteBase",
        "MeetingQuorum": "workinggroups.groups.choices.Quorum",
        "VotingQuorum": "workinggroups.groups.choices.VotingQuorum",
        "Overruling": "workinggroups.groups.choices.Overruling",
        "VotesShown": "workinggroups.groups.choices.VotesShown",
        "LapsedVotes": "workinggroups.groups.choices.LapsedVotes",
        "PdfState": "common.pdf.choices.PdfState",
        "PdfKind": "workinggroups.meetings.choices.PdfKind",
        "DecisionState": "workinggroups.decisions.choices.DecisionState",
        "DecisionOutcome": "workinggroups.decisions.choices.Outcome",
        "DecisionUnit": "workinggroups.decisions.choices.Unit",
        "DeliverableKind": "workinggroups.deliverables.choices.DeliverableKind",
        "DeliverableState": "workinggroups.deliverables.choices.DeliverableState",
        "CommentState": "workinggroups.deliverables.choices.CommentState",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "common.api.schema.describe_input",
        "common.api.schema.describe_errors",
    ],
}

# Logs.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "common.http.logs.RequestIdFilter"},
        "invalid_requests": {"()": "common.http.logs.InvalidRequests"},
    },
    "formatters": {
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
        "json": {"()": "common.http.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "invalid_requests"],
            "formatter": "plain" if DEVELOPMENT or TESTING else "json",
        },
        # Without a handler Python would print the whole trace of each forged Host header.
        "none": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": ["none"], "propagate": False},
    },
}
