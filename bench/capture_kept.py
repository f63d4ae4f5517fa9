#!/usr/bin/env python3
"""What a result holds: the answers of the server, their header fields, and what the buyer needs of an order."""
import base64
import hashlib
import io
import re
import urllib.parse
import zipfile

from warcio.archiveiterator import ArchiveIterator

DATA_URI = re.compile(rb"data:[a-zA-Z0-9/+.;=_-]*?(;base64)?,([^\"')\s<>]*)")
# Names our archive leaves out on purpose: whoever has them is, for the shop, the buyer (docs/formats/web-archive.md).
LEFT_OUT = re.compile("cookie|authorization|token|session|csrf|xsrf|auth|secret|api-key|password")
# Set when bodies come inflated; the values stay under another name.
RENAMED = "x-orig-"


def sha256(data):
    return hashlib.sha256(data).digest()


class Archive:
    """A WACZ, read by warcio."""

    def __init__(self, path):
        self.responses = []
        self.texts = []
        self.all = b""
        with zipfile.ZipFile(path) as package:
            records = io.BytesIO(package.read("archive/data.warc.gz"))
        for record in ArchiveIterator(records):
            kind, content = record.rec_type, record.content_stream().read()
            target = record.rec_headers.get_header("WARC-Target-URI") or ""
            if kind == "response":
                fields = [(name.lower(), value) for name, value in record.http_headers.headers]
                address = urllib.parse.urlsplit(target)
                path = address.path + (f"?{address.query}" if address.query else "")
                self.responses.append({"path": path, "status": int(record.http_headers.get_statuscode()),
                                       "fields": fields, "digest": sha256(content)})
            elif target.startswith("urn:certificate-chain"):
                self.all += content
            if kind in ("response", "resource"):
                self.texts.append(content)

    def kept(self, served):
        """The served answers that are here: same address, status and bytes; each record counts once."""
        left = list(self.responses)
        kept = []
        for one in served:
            digest = sha256(one["body"])
            for record in left:
                if record["path"] == one["path"] and record["status"] == one["status"] and record["digest"] == digest:
                    left.remove(record)
                    kept.append((one, record))
                    break
        return kept

    def fields(self, served):
        """How many header fields of the kept answers are here, and how many were left out on purpose."""
        here = left_out = 0
        for one, record in self.kept(served):
            have = {(name.removeprefix(RENAMED), value.strip()) for name, value in record["fields"]}
            for name, value in one["fields"]:
                if (name.lower(), value.strip()) in have:
                    here += 1
                elif LEFT_OUT.search(name.lower()):
                    left_out += 1
        return here, left_out

    def holds(self, text):
        return any(holds(content, text) for content in self.texts)

    def certificate(self, der):
        return plain(base64.b64encode(der)) in plain(self.all)


class Page:
    """One HTML file with everything inside."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.html = file.read()
        self.parts = set()
        for match in DATA_URI.finditer(self.html):
            part = urllib.parse.unquote_to_bytes(match[2])
            if match[1]:
                try:
                    part = base64.b64decode(part, validate=False)
                except ValueError:
                    continue
            self.parts.add(sha256(part))

    def kept(self, served):
        """The served answers whose bytes are here, as they are or in a data: address. An empty body is nowhere."""
        return [(one, None) for one in served
                if one["body"] and (sha256(one["body"]) in self.parts or one["body"].strip() in self.html)]

    def fields(self, _served):
        return 0, 0

    def holds(self, text):
        return holds(self.html, text)

    def certificate(self, der):
        return plain(base64.b64encode(der)) in plain(self.html)


def plain(data):
    return bytes(byte for byte in data if byte not in b"\r\n \t")


def holds(content, text):
    """As UTF-8, or escaped as JSON or HTML write it."""
    forms = [text.encode(), text.encode("ascii", "backslashreplace"), text.encode("ascii", "xmlcharrefreplace")]
    return any(form in content for form in forms)
