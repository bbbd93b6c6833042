"""What a browser is, in words that its owner recognises: "Firefox on Windows". No library: two short tables."""

from typing import Final

# The first that fits counts: several browsers also name the one that they are built on.
BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Chromium", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS: Final = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "an Android device"), ("Windows", "Windows"),
    ("CrOS", "a Chromebook"), ("Mac OS", "a Mac"), ("Macintosh", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip
UNKNOWN: Final = "An unknown browser"


def browser_name(browser: str) -> str:
    """Return the browser and the kind of device from what the browser calls itself (``User-Agent``)."""
    name = next((words for mark, words in BROWSERS if mark in browser), UNKNOWN)
    system = next((words for mark, words in SYSTEMS if mark in browser), "")
    return f"{name} on {system}" if system else name
