"""What a snapshot of the published data holds, written into a zip row by row."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZipFile

from vcsportal.common.datasets import Dataset
from vcsportal.common.zips import write_pieces
from vcsportal.open_data.catalogue import DATASETS
from vcsportal.open_data.files import csv_parts, json_parts
from vcsportal.open_data.metadata import csv_description

CHECKSUMS: Final = "checksums.txt"


def write_snapshot(out: IO[bytes], day: date, *, at: datetime) -> dict[str, dict[str, Any]]:
    """Write the zip to ``out``: each dataset that a snapshot may hold as CSV and JSON, its description, and all checksums.

    Return for each dataset, also for those that are left out, how many ``rows`` there were and the ``sha256`` of its whole CSV
    file. No dataset is in memory as a whole; for all of them to agree, it is to be called within one moment of the database.
    """
    found: dict[str, dict[str, Any]] = {}
    checksums: list[str] = []
    with ZipFile(out, "w") as zip_:
        for dataset in DATASETS:
            found[dataset.slug] = _state(dataset, day)
            for name, pieces in _files(dataset, day):
                digest = sha256()
                write_pieces(zip_, name, _watched(pieces, digest), at=at)
                checksums.append(f"{digest.hexdigest()}  {name}\n")
        write_pieces(zip_, CHECKSUMS, [line.encode() for line in checksums], at=at)
    return found


def _files(dataset: Dataset, day: date) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the names of a dataset's files in the zip, and their contents in pieces."""
    if not dataset.in_snapshots:
        return
    columns, stem = dataset.lasting_columns, dataset.slug
    yield f"{stem}.csv", (line.encode() for line in csv_parts(columns, dataset.read(day, columns)))
    yield f"{stem}.json", (part.encode() for part in json_parts(dataset, columns, dataset.read(day, columns), day))
    yield f"{stem}.csv-metadata.json", [csv_description(dataset, columns, f"{stem}.csv")]


def _state(dataset: Dataset, day: date) -> dict[str, Any]:
    digest, lines = sha256(), 0
    for line in csv_parts(dataset.columns, dataset.read(day)):
        digest.update(line.encode())
        lines += 1
    return {"rows": lines - 1, "sha256": digest.hexdigest()}


def _watched(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece
