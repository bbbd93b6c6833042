"""A dataset written in a process of its own: seconds, bytes, and how much memory the process grew by."""

import json
import sys
import time
from collections.abc import Iterator

import django

from tests.bench.face import peak


def main(slug: str, ending: str) -> None:
    django.setup()
    from django.test import RequestFactory

    from vcsportal.open_data.views import dataset_file

    def pieces(ending: str) -> Iterator[bytes]:
        return iter(dataset_file(RequestFactory().get(f"/data/{slug}.{ending}"), slug, ending))

    next(pieces("csv"))  # what is imported and connected for any file is no part of this one
    before, began = peak(), time.perf_counter()
    size = sum(len(piece) for piece in pieces(ending))
    print(json.dumps({"seconds": time.perf_counter() - began, "bytes": size, "before": before, "peak": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
