"""One search over everything that anyone may read: the kinds of all floors on one page, and in the API."""
