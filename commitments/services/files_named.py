"""What the history says of a change that came from an uploaded spreadsheet."""


def from_file(name: str) -> dict[str, str]:
    """Return what an entry's ``said`` has of the file; nothing where the change was made in the portal."""
    return {"file": name} if name else {}
