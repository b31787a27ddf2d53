"""Settings, read from the environment (see .env.example). Every bad or missing variable is named at once."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from django.utils.csp import CSP
from environs import Env

from portal import logs

# Lets forms and admin classes be written with the model that they are for, as mypy reads them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("PORTAL_DEMO", False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# Fernet keys that seal what must be readable again (a clinic's provider credentials, a code on its way). Newest first.
PORTAL_KEYS: list[str] = env.list("PORTAL_KEYS")
# The address that links in messages start with; never taken from a request.
PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
PORTAL_OPERATOR = env.str("PORTAL_OPERATOR", "Pet portal")
STATE_DIR = Path(env.str("PORTAL_STATE_DIR", str(BASE_DIR / "var")))
IS_HTTPS = urlsplit(PORTAL_URL).scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(PORTAL_URL).hostname or "127.0.0.1", "localhost"])
# How many proxies in front of us append to X-Forwarded-For; 0 takes the peer's own address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
# Planning our statements costs PostgreSQL more than running them: each connection keeps them prepared (docs/adr/0009).
DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=1)
DATABASE_POOL = env.int("DATABASE_POOL", 0)
if DATABASE_POOL:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 5}
    # A connection that died with the database is noticed before a request gets it.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL)

TWILIO_API_URL = env.str("TWILIO_API_URL", "https://api.twilio.com")
PLATFORM_TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", "")
PLATFORM_TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", "")
PLATFORM_TWILIO_FROM = env.str("TWILIO_FROM", "")
# E-mail that leaves through the platform. A clinic with its own provider overrides it (messaging.Sender).
EMAIL_OPTIONS: Any = env.json("EMAIL_OPTIONS", {})
MAILERS: dict[str, dict[str, Any]] = {
    # What Django and allauth send (a staff member's password link) is queued like everything that is said.
    "default": {"BACKEND": "messaging.staff_mail.OutboxMailer"},
    "platform": {
        "BACKEND": env.str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
        "OPTIONS": EMAIL_OPTIONS,
    },
}
ANYMAIL: dict[str, str] = env.dict("ANYMAIL", {})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
# Where photos and papers are kept: below PORTAL_STATE_DIR, or in a bucket that speaks S3 (requirements/s3.in).
S3_BUCKET = env.str("S3_BUCKET", "")
S3_OPTIONS: dict[str, Any] = {
    "bucket_name": S3_BUCKET,
    "location": env.str("S3_PREFIX", ""),
    "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
    "region_name": env.str("S3_REGION", "") or None,
    # Empty: the machine's own role, as boto3 finds it.
    "access_key": env.str("S3_ACCESS_KEY_ID", "") or None,
    "secret_key": env.str("S3_SECRET_ACCESS_KEY", "") or None,
    # Names are random and never written twice; nobody but this portal reads the bucket.
    "default_acl": None,
    "file_overwrite": True,
    "querystring_auth": True,
}
# At most so many sign-in texts a day from the whole portal, so that a flood of requests can't become a bill.
SMS_CODES_PER_DAY = env.int("SMS_CODES_PER_DAY", 20_000)

env.seal()

INSTALLED_APPS = [
    "clinics",
    "messaging",
    "clients",
    "pets",
    "loyalty",
    "bookings",
    "portal.apps.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "django_structlog",
    "django_linear_migrations",
]
if DEMO:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "portal.kit.bodies.RefuseLargeBodies",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "clinics.middleware.PrivateByDefault",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Innermost, so that the view, its template and the admin all run inside the clinic's one transaction.
    "clinics.middleware.ClinicMiddleware",
    "clients.middleware.ClientMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.kit.forms.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.kit.tags"],
        },
    }
]

# Staff: a password, then a second factor that a clinic may require. Clients never have a User.
AUTH_USER_MODEL = "clinics.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "clinics.staff_sign_in.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # Or anybody could make us write to anybody.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/staff/"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
MFA_ADAPTER = "clinics.staff_sign_in.StaffMFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # An address is proved when the password is chosen, through a link sent to it.
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = PORTAL_OPERATOR
MFA_TOTP_TOLERANCE = 1  # A phone's clock may be half a minute off.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]

# Cookies: `__Host-` where the site is https, so that no neighbouring host can plant one.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}staff"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if IS_HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Where a signed-in browser may send more than a form (portal/kit/bodies.py): the address, and how its cookie begins.
MAY_UPLOAD = [
    (r"/staff/", SESSION_COOKIE_NAME),
    (r"/[^/]+/pets/[0-9]+/(photo|certificates/add)/$", f"{COOKIE_PREFIX}device_"),
]

CACHES = {
    "default": {
        "BACKEND": "portal.kit.cache.MayVanish",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
    }
}
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = STATE_DIR / "media"
STORAGES = {
    "default": (
        {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3_OPTIONS}
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["portal.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker may be frozen or gone: a request never waits for it, and the beat below finds what it missed.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,
    "socket_connect_timeout": 0.5,
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BEAT_SCHEDULE = {
    "deliver-due": {"task": "messaging.deliver_due", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-outboxes": {"task": "messaging.sweep_outboxes", "schedule": 600.0, "options": {"expires": 600}},
    "sweep-uploads": {"task": "pets.sweep_uploads", "schedule": 600.0, "options": {"expires": 600}},
    "purge-expired": {"task": "clients.purge_expired", "schedule": 3600.0, "options": {"expires": 3600}},
}

LOGGING = logs.configure(is_json=not DEBUG)
