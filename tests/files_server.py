"""A server that speaks S3 on loopback, with a bucket of its own for each test that asks for one."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

ACCESS = {"access_key": "files", "secret_key": "only-for-tests"}


@contextmanager
def files_server(port: int = 0) -> Iterator[str]:
    """Run the server; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, found = server.get_host_and_port()
    try:
        yield f"http://{host}:{found}"
    finally:
        server.stop()


def client_of(address: str) -> Any:
    """Return a client of the server that is not the portal's, as an administrator of the bucket has one."""
    return boto3.client(
        "s3", endpoint_url=address, region_name="eu-west-2", aws_access_key_id=ACCESS["access_key"],
        aws_secret_access_key=ACCESS["secret_key"],
    )  # fmt: skip


def new_bucket(address: str) -> str:
    """Make a bucket and return its name."""
    name = f"portal-{secrets.token_hex(4)}"
    client_of(address).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    return name


def storage_settings(address: str, bucket: str) -> dict[str, Any]:
    """Return the entry of ``STORAGES`` for a bucket."""
    options = {"bucket_name": bucket, "endpoint_url": address, "region_name": "eu-west-2", **ACCESS}
    return {"BACKEND": "vcsportal.common.file_bucket.FileBucket", "OPTIONS": options}
