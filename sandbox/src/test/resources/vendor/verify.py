# From the documentation of the Makistry Generation API, Async Jobs, Verifying Signatures; the vendor's text, unchanged.
import hashlib
import hmac
import time

def verify_makistry_webhook(
    body: bytes,
    sig_header: str,
    ts_header: str,
    signing_secret: str,
) -> bool:
    # Replay protection: reject webhooks older than 5 minutes
    age = abs(time.time() - int(ts_header))
    if age > 300:
        return False

    sig = sig_header.removeprefix("sha256=")
    msg = f"{ts_header}.".encode() + body
    expected = hmac.new(signing_secret.encode(), msg, hashlib.sha256).hexdigest()

    # Use constant-time comparison to prevent timing attacks
    return hmac.compare_digest(expected, sig)
