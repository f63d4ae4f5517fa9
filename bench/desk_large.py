#!/usr/bin/env python3
"""desk_large.py SIGU FOLDER PROFILE

Measures the desk with large things in a vault of its own in FOLDER: a place in a film of 200 MB, a package of 1 GiB, a
picture of 1,080 by 30,000 pixels. Prints a section of bench/DESK.md.
"""
import http.client
import os
import random
import re
import struct
import subprocess
import sys
import time
import urllib.parse
import zlib

sigu, folder, profile = sys.argv[1:]
FILM, PACKAGE, PIECE = 200 << 20, 1 << 30, 1 << 20
environment = {**os.environ, "SIGU_VAULT": f"{folder}/vault", "SIGU_STATE_DIR": f"{folder}/state", "LC_ALL": "C.UTF-8"}


def run(*words):
    return subprocess.run([sigu, "--lang", "en", *words], env=environment, check=True, capture_output=True, text=True).stdout


def noise(path, size, head=b""):
    """A file of noise, the same each time."""
    source = random.Random(7)
    with open(path, "wb") as file:
        file.write(head)
        left = size - len(head)
        while left > 0:
            file.write(source.randbytes(min(left, PIECE)))
            left -= PIECE


def picture(path, width=1080, height=30_000):
    """A PNG with a line of text's worth of detail in every row."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(
        b"\0" + bytes((x * 7 + y * 3) // 5 % 251 for x in range(width)) * 3 if y % 40 == 0 else b"\0" + bytes([y % 256]) * width * 3
        for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def status(process, name):
    return int(re.search(rf"{name}:\s+(\d+) kB", open(f"/proc/{process.pid}/status").read())[1]) / 1024


def forget_peak(process):
    with open(f"/proc/{process.pid}/clear_refs", "w") as file:
        file.write("5")


run("init", "--no-passphrase")
items = {}
for label, name in (("FILM", "film.webm"), ("PACK", "large.bin"), ("TALL", "tall.png")):
    path = f"{folder}/{name}"
    if label == "TALL":
        picture(path)
    else:
        noise(path, FILM if label == "FILM" else PACKAGE, b"\x1a\x45\xdf\xa3" if label == "FILM" else b"")
    run("order", "new", label)
    run("fix", path, "--order", label, "--as", "other")
    os.remove(path)
process = subprocess.Popen(
    [sigu, "--lang", "en", "desk", "--no-browser", "--until-stdin-closes"],
    env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
link = next(found for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:(\d+)(/start\S+)", line)))
port, cookie = int(link[1]), None


def ask(path, method="GET", body=None, **more):
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded", **more}
    if cookie:
        headers["Cookie"] = cookie
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    length = 0
    text = b""
    while piece := answer.read(PIECE):
        length += len(piece)
        text = text if len(text) > PIECE else text + piece
    return (time.perf_counter() - begun) * 1000, answer, length, text


cookie = ask(link[2])[1].getheader("Set-Cookie").split(";")[0]
for label in ("FILM", "TALL"):
    page = ask(f"/orders/{label}/evidence")[3].decode()
    items[label] = re.search(rf"/orders/{label}/items/(\d+-\d+)", page)[0]
print("\n## Large things\n\n| what | ms | memory at most, MB |\n|---|---|---|")
for name, place in (("the first MiB", 0), ("a MiB in the middle", FILM // 2), ("the last MiB", FILM - PIECE)):
    times = []
    forget_peak(process)
    for _ in range(15):
        took, answer, length, _ = ask(f"{items['FILM']}/content", Range=f"bytes={place}-{place + PIECE - 1}")
        assert (answer.status, length) == (206, PIECE), (answer.status, length)
        times.append(took)
    times.sort()
    print(f"| film of 200 MB, {name}: median, p95 | {times[7]:.1f}, {times[14]:.1f} | {status(process, 'VmHWM'):.0f} |")
forget_peak(process)
begun = time.perf_counter()
at = ask("/vault/export", "POST", urllib.parse.urlencode({"order": "PACK"}))[1].getheader("Location")
while b"data-work" in (page := ask(at)[3]):
    time.sleep(0.1)
assert b"/package" in page, page.decode()
print(f"| package of 1 GiB: made | {(time.perf_counter() - begun) * 1000:.0f} | {status(process, 'VmHWM'):.0f} |")
forget_peak(process)
took, answer, length, _ = ask(f"{at}/package")
assert answer.status == 200 and length > PACKAGE, (answer.status, length)
print(f"| package of 1 GiB: fetched | {took:.0f} | {status(process, 'VmHWM'):.0f} |")
for name, path in (
        ("seen", "/content"), ("the page to mark it", "/mark"),
        ("a marked copy looked at", "/mark/preview?mark=cover+100,29000,800,200&mark=box+50,50,400,300")):
    forget_peak(process)
    took, answer, _, _ = ask(items["TALL"] + path)
    if answer.status == 404:
        continue  # an earlier build that cannot mark
    assert answer.status == 200, (path, answer.status)
    print(f"| picture of 1,080 × 30,000 pixels: {name} | {took:.0f} | {status(process, 'VmHWM'):.0f} |")
process.stdin.close()
process.wait()
