"""Django's settings, derived from the typed environment in `config.environment`."""

from typing import Any

from config.database import database_settings
from config.environment import ENV, PROJECT_ROOT
from config.security_headers import add_static_headers

BASE_DIR = PROJECT_ROOT
SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = sorted({ENV.host, "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [ENV.public_url]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config.apps.ConfigConfig",
    "common",
    "accounts",
    *[app for app in ("datasets", "annotation", "training", "auditing") if (BASE_DIR / app / "models").is_dir()],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.security_headers.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True, "OPTIONS": {}}
]

DATABASES = {"default": database_settings(ENV)}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENV.is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = False  # the single-page application sends it back in a header
SECURE_HSTS_SECONDS = 31_536_000 if ENV.is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.is_https else None
SECURE_REFERRER_POLICY = "same-origin"
# On plain http under a name, browsers ignore it and complain of each page.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if ENV.is_https or ENV.host in {"localhost", "127.0.0.1"} else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "common.problems.csrf_failure"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data_dir / "static"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [("app", FRONTEND_DIST)] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True  # the built application is served without a copy step
WHITENOISE_AUTOREFRESH = ENV.debug
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers
# Vite names files by content: "name-3fa9c1d2.js".
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$"

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # an upload chunk is at most 8 MiB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "common.pagination.KeysetPagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.parsing.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.problems.exception_handler",
    # Who asks: the address that our own proxy saw, or the peer; never one that the asker wrote into a header.
    "NUM_PROXIES": 1 if ENV.is_https else 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Touchstone",
    "DESCRIPTION": "Label, freeze, train, release, audit. Errors are problem+json (RFC 9457); lists are keyset pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Choices stand inline: a dozen rooms have a “state”, and invented names for each help nobody.
    "POSTPROCESSING_HOOKS": [],
    "PREPROCESSING_HOOKS": ["config.openapi.without_aliases"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {"django.db.backends": {"level": "WARNING"}},
}

# What the product's own code reads.
PUBLIC_URL = ENV.public_url
DATA_DIR = ENV.data_dir
IMPORT_ROOTS = ENV.import_roots
IMPORT_S3_BUCKETS = ENV.import_s3_buckets
UPLOAD_LIMIT_MIB = ENV.upload_limit_mib
IMAGE_LIMIT_MEGAPIXELS = ENV.image_limit_megapixels
LEASE_MINUTES = ENV.lease_minutes
MEDIA_EXPIRY_HOURS = ENV.media_expiry_hours
ASSIST_MODELS = ENV.assist_models
OBJECT_STORE = {
    "kind": "s3" if ENV.s3_bucket else "folder",
    "folder": ENV.data_dir,
    "bucket": ENV.s3_bucket,
    "endpoint_url": ENV.s3_endpoint_url or None,
    "access_key": ENV.s3_access_key or None,
    "secret_key": ENV.s3_secret_key or None,
    "region": ENV.s3_region,
}
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # every answer forbids frames by its Content-Security-Policy
    "security.W005",  # whether all subdomains speak https is for their owner to say, and
    "security.W021",  # a browser's preload list is not left again for months
    *([] if ENV.is_https else ["security.W004", "security.W008", "security.W012", "security.W016"]),
]
