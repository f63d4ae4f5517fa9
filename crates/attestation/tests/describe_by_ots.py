#!/usr/bin/env python3
"""Runs `ots info` of opentimestamps-client over all proofs of a folder, in one process, and prints what it says as
one JSON object: name to text, or null where it refuses."""

import contextlib
import io
import json
import logging
import pathlib
import sys

import otsclient.args

logging.disable(logging.CRITICAL)
told = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.ots")):
    said = io.StringIO()
    arguments = otsclient.args.parse_ots_args(["info", str(path)])
    try:
        with contextlib.redirect_stdout(said):
            arguments.cmd_func(arguments)
        told[path.stem] = said.getvalue()
    except (SystemExit, Exception):  # any way of saying no
        told[path.stem] = None
    arguments.file.close()
json.dump(told, sys.stdout)
