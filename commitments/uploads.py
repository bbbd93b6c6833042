"""What is inside an uploaded file, whatever its name says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that has been looked into and may be kept."""

    kind: str
    name: str
    suffix: str
    media_type: str
    content: bytes
    print_content: bytes
    sha256: str
