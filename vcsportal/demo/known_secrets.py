"""The secrets of the demo's authenticator apps. Anybody can work them out, on purpose: the demo is refused outside debug."""

import base64
import hashlib


def secret_of(email: str) -> str:
    """Return the secret of a demo account's authenticator app, in base 32."""
    return base64.b32encode(hashlib.sha256(f"demo {email}".encode()).digest()[:20]).decode()
