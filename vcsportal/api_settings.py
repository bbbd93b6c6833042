"""The settings of Django REST framework, of drf-spectacular and of django-cors-headers: JSON in and out, and nothing that
a page would not allow."""

from typing import Any

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "vcsportal.common.api_access.TokenAuthentication",
        "vcsportal.common.api_access.PortalSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["vcsportal.common.api_access.SignedInToWrite"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["vcsportal.common.api_input.BoundedJSON"],
    "DEFAULT_SCHEMA_CLASS": "vcsportal.common.api_schema.PortalSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "vcsportal.common.api_csv.ListFormats",
    "DEFAULT_METADATA_CLASS": None,  # the schema says what there is; OPTIONS would say it another way
    "EXCEPTION_HANDLER": "vcsportal.common.api_refusals.answer_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}


CORS: dict[str, Any] = {
    "CORS_ALLOW_ALL_ORIGINS": True,  # without credentials: "*"
    "CORS_ALLOW_CREDENTIALS": False,
    "CORS_URLS_REGEX": r"^/api/v1/",
    "CORS_ALLOW_METHODS": ["GET", "HEAD", "OPTIONS"],
    "CORS_ALLOW_HEADERS": ["accept", "if-none-match", "x-requested-with"],
    "CORS_EXPOSE_HEADERS": [
        "ETag", "Link", "Allow", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        "Content-Disposition",
    ],
    "CORS_PREFLIGHT_MAX_AGE": 86_400,
}  # fmt: skip


def description(*, name: str, url: str) -> dict[str, Any]:
    """Return the general part of the API's description, for a portal of this name at this address."""
    return {
        "TITLE": f"{name}: API",
        "DESCRIPTION": (
            "What was promised, its current status, and evidence of what has been done. You don't need an account to read. To write you need a token that you make under Your account, or a session of the portal with its CSRF token, and may do no more than the pages would let you do.\n\n"
            "Unknown parameters and fields are refused, and the answer names them. Every refusal is a sentence."
        ),
        "OAS_VERSION": "3.1.0",
        "VERSION": "1",
        "LICENSE": {
            "name": "Open Government Licence v3.0",
            "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        },
        "SERVERS": [{"url": url}],
        "SCHEMA_PATH_PREFIX": "/api/v1",
        "SERVE_INCLUDE_SCHEMA": False,
        "COMPONENT_SPLIT_REQUEST": True,
        "COMPONENT_SPLIT_PATCH": False,  # what a change of some fields needs, such as the version, is needed
        "SORT_OPERATION_PARAMETERS": False,
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "AUTHENTICATION_WHITELIST": [
            "vcsportal.common.api_access.TokenAuthentication",
            "vcsportal.common.api_access.PortalSessionAuthentication",
        ],
        # Lists of choices stay where they are read; eight of them are called "code".
        "POSTPROCESSING_HOOKS": [
            "vcsportal.common.api_schema.say_who_may_read",
            "vcsportal.common.api_schema.tell_refusals",
            "vcsportal.common.api_schema_details.describe_headers",
            "vcsportal.common.api_schema_details.say_what_may_be_empty",
            "vcsportal.common.api_schema_details.say_what_a_body_takes",
            "vcsportal.common.api_schema_details.say_times_of_day",
            "vcsportal.api_docs.say_what_tokens_change",
            "vcsportal.common.api_examples.add_examples",
        ],
    }
