#!/usr/bin/env python3
"""Prints the names of those replies in a folder of vectors that the Python package rfc3161-client verifies."""

import pathlib
import sys

from cryptography import x509
from rfc3161_client import VerifierBuilder, decode_timestamp_response

folder = pathlib.Path(sys.argv[1])
data = (folder / "stamped.note").read_bytes()
roots = [
    x509.load_pem_x509_certificate((folder / name).read_bytes()) for name in ("root.pem", "root-of-old.pem")
]
signer = x509.load_pem_x509_certificate((folder / "others.pem").read_bytes())

for path in sorted(folder.glob("*.tsr")):
    try:
        response = decode_timestamp_response(path.read_bytes())
        builder = VerifierBuilder(roots=roots)
        if "no-embedded" in path.stem:
            builder = builder.tsa_certificate(signer)
        if builder.build().verify_message(response, data):
            print(path.stem)
    except Exception as error:  # any way of saying no
        print(f"{path.stem}: {error}", file=sys.stderr)
