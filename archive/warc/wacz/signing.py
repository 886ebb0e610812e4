"""Signatures of WACZ files that anybody can check offline: with whose key, not by whom.

The anonymous form of https://specs.webrecorder.net/wacz-auth/0.1.0/. That says ECDSA and leaves
curve and encoding open; these are the ones that ReplayWeb.page checks (WebCrypto: P-384, SHA-256,
the two numbers of the signature one after the other, the public key as SubjectPublicKeyInfo).
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP384R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from archive.warc.errors import WarcError

KEY = Path("keys", "wacz.pem")
"""Where under HOME the key is kept."""
VERSION = "0.1.0"

_ALGORITHM = ECDSA(SHA256())


def signing_key(path: Path) -> EllipticCurvePrivateKey:
    """Return the private key in ``path`` (PEM, PKCS #8); made, for its owner only, at first use.

    Raises WarcError where the file holds another kind of key.
    """
    if not path.exists():
        _make_key(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise WarcError(f"{path}: expected a private key in PEM without password") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP384R1):
        raise WarcError(f"{path}: expected an elliptic curve key on P-384")
    return key


def signed_data(
    key: EllipticCurvePrivateKey, text: str, *, created: str, software: str
) -> dict[str, str]:
    """Return ``signedData`` for ``text``, the digest of a datapackage.json."""
    r, s = decode_dss_signature(key.sign(text.encode(), _ALGORITHM))
    size = (key.curve.key_size + 7) // 8
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "hash": text,
        "created": created,
        "software": software,
        "version": VERSION,
        "signature": b64encode(r.to_bytes(size) + s.to_bytes(size)).decode(),
        "publicKey": b64encode(public).decode(),
    }


def is_signed(told: dict[str, str], text: str) -> bool:
    """Return whether ``signedData`` in the anonymous form is a valid signature of ``text``.

    Raises ValueError where it is in no form that is known here, and KeyError where a part is
    missing.
    """
    public = load_der_public_key(b64decode(told["publicKey"], validate=True))
    if not isinstance(public, EllipticCurvePublicKey):
        raise ValueError("the public key is not of an elliptic curve")
    signature = b64decode(told["signature"], validate=True)
    size = (public.curve.key_size + 7) // 8
    if told["hash"] != text or len(signature) != 2 * size:
        return False
    numbers = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
    try:
        public.verify(encode_dss_signature(*numbers), text.encode(), _ALGORITHM)
    except InvalidSignature:
        return False
    return True


def _make_key(path: Path) -> None:
    pem = generate_private_key(SECP384R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(handle)
        if not path.exists():
            unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
