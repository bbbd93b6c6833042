"""Settings of files: where the portal's are kept, in a folder or in a bucket (docs/scaling.md), and what may be uploaded."""

from typing import Any

import environ

env = environ.Env()

FILES_BUCKET = env.str("FILES_BUCKET", default="")  # "" for the folder
FILES_ENDPOINT_URL = env.str("FILES_ENDPOINT_URL", default="")  # of a server other than Amazon's
FILES_REGION = env.str("FILES_REGION", default="eu-west-2")
# Both empty: the machine's own role, or wherever else the library finds credentials.
FILES_ACCESS_KEY = env.str("FILES_ACCESS_KEY", default="")
FILES_SECRET_KEY = env.str("FILES_SECRET_KEY", default="")


def storage() -> dict[str, Any]:
    """Return the entry of ``STORAGES`` for the portal's files."""
    if not FILES_BUCKET:
        return {"BACKEND": "vcsportal.common.stored_files.FileFolder"}
    return {
        "BACKEND": "vcsportal.common.file_bucket.FileBucket",
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": FILES_ENDPOINT_URL or None,
            "region_name": FILES_REGION,
            "access_key": FILES_ACCESS_KEY or None,
            "secret_key": FILES_SECRET_KEY or None,
        },
    }


FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "vcsportal.common.upload_handlers.LimitedUploads",  # lets go of what is too big; the words beside it stay
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "vcsportal.common.upload_handlers.RoomyTemporaryUploads",
]
DATA_UPLOAD_MAX_NUMBER_FILES = None  # counted there too, with a sentence instead of an error page
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the names of a large action plan have three each
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=15 * 1024 * 1024)
UPLOAD_MAX_PIXELS = 40_000_000
UPLOAD_MAX_PIXELS_AT_ONCE = env.int("UPLOAD_MAX_PIXELS_AT_ONCE", default=5 * UPLOAD_MAX_PIXELS)  # of one request
UPLOAD_MAX_PIXELS_A_MINUTE = env.int("UPLOAD_MAX_PIXELS_A_MINUTE", default=10 * UPLOAD_MAX_PIXELS)  # of one person
# A malware scanner that reads a file from standard input and ends with 0 (clean) or 1 (not), such as "clamdscan -".
SCAN_COMMAND = env.str("SCAN_COMMAND", default="")
SCAN_SECONDS = env.int("SCAN_SECONDS", default=20)
UPLOAD_SECONDS = 20  # for which the files of one request are looked into
UPLOAD_SECONDS_A_PHOTOGRAPH = 10
