#!/usr/bin/env python3
"""papers.py WORK RUNS: makes a vault with a dispute of 30 exhibits, has its appeal and its letter made by sigu, and the
same words and pictures printed by Chromium and LibreOffice; prints the measurements as Markdown."""
import html
import json
import os
import statistics
import struct
import subprocess
import sys
import zlib

work, runs = os.path.abspath(sys.argv[1]), int(sys.argv[2])
here = os.path.dirname(os.path.abspath(__file__))
EXHIBITS = 30
ROOT = os.geteuid() == 0
env = dict(os.environ, SIGU_VAULT=f"{work}/vault", SIGU_STATE_DIR=f"{work}/state")


def png(path, width, height, seed):
    """A screenshot-like picture: lines of blocks like words, on white."""
    rows, state = [], seed * 2654435761 % 2**32 or 1
    for line in range(height // 24 + 1):
        row = bytearray(b"\xff\xff\xff" * width)
        x = 40
        while x < width - 160:
            state = (state * 1103515245 + 12345) % 2**31
            word = 20 + state % 90
            row[3 * x:3 * (x + word)] = bytes([40 + state % 60]) * (3 * word)
            x += word + 14
        rows += [bytes(row)] * 14 + [b"\xff\xff\xff" * width] * 10
    raw = b"".join(b"\0" + row for row in rows[:height])
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(path, "wb") as file:
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b""))


def sigu(*args):
    subprocess.run(["sigu", *args], cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def measure(name, command):
    """Adds a line to the times: seconds by the clock, and the most memory a process of it held."""
    measured = [sys.executable, f"{here}/measure.py", f"{work}/times", "papers", name, "--", *command]
    subprocess.run(measured, cwd=work, env=env, stdout=sys.stderr, check=True)


def pages(pdf):
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True).stdout
    return int(next(line.split()[1] for line in said.splitlines() if line.startswith("Pages:")))


def case():
    sigu("init", "--no-passphrase", "--recovery-out", "recovery.txt")
    sigu("order", "new", "P1", "--title", "云视听季卡CDK", "--goods", "activation-code", "--no", "Y2609211430129f3c07be", "--amount", "45",
         "--merchant", "小栈数码", "--platform", "yunzhan.test", "--paid", "2026-09-21 14:30:12", "--delivered", "2026-09-21 14:30:15")
    slots = ["transaction", "description", "voucher", "delivery"]
    for number in range(EXHIBITS - 1):
        png(f"{work}/{number:02}.png", 1080, 2200, number + 1)
        sigu("fix", f"{number:02}.png", "--order", "P1", "--as", slots[number] if number < 4 else "other")
    png(f"{work}/long.png", 1080, 12000, 99)
    sigu("fix", "long.png", "--order", "P1", "--as", "description")
    sigu("observe", "P1", "used", "--at", "2026-09-21 14:34:20", "--words", "该卡密已被使用", "--proof", "1-5")
    sigu("message", "add", "--order", "P1", "--at", "2026-09-21 14:50", "--from-me", "--via", "platform", "依据平台售后规则，请于18:50前补发或退款")
    sigu("message", "add", "--order", "P1", "--at", "2026-09-21 18:20", "--from-them", "--via", "platform", "卡没问题，不退")


def as_html():
    """The appeal as HTML: its Markdown line by line, and each picture in its place."""
    sigu("doc", "appeal", "--order", "P1", "--format", "md", "--out", "appeal.md")
    pictures = sorted(name for name in os.listdir(work) if name.endswith(".png"))
    used, out = 0, ["<!doctype html><html lang=zh-CN><meta charset=utf-8><style>@page{size:A4;margin:22mm} body{font:10.5pt 'Noto Sans CJK SC'} img{width:62%} td{border:1px solid #ccc;font-size:8.5pt}</style>"]
    for line in open(f"{work}/appeal.md", encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("（图：") and used < len(pictures):
            out.append(f"<p><img src={pictures[used]}></p>")
            used += 1
        elif line.startswith("|"):
            if not line.startswith("| ---"):
                out.append("<table><tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line.strip("|").split("|")) + "</tr></table>")
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            out.append(f"<h{level}>{html.escape(line.lstrip('# '))}</h{level}>")
        elif line:
            out.append(f"<p>{html.escape(line)}</p>")
    if used != EXHIBITS:
        sys.exit(f"{used} of {EXHIBITS} pictures have a place")
    with open(f"{work}/appeal.html", "w", encoding="utf-8") as file:
        file.write("\n".join(out))


case()
as_html()
chromium = ["chromium", "--headless", "--disable-gpu", *(["--no-sandbox"] if ROOT else []), f"--user-data-dir={work}/profile",
            "--no-pdf-header-footer", f"--print-to-pdf={work}/chromium.pdf", f"file://{work}/appeal.html"]
office = ["soffice", "--headless", f"-env:UserInstallation=file://{work}/office", "--convert-to", "pdf:writer_web_pdf_Export", "appeal.html"]
contenders = {
    "sigu, appeal": (["sigu", "doc", "appeal", "--order", "P1", "--out", "sigu.pdf"], "sigu.pdf"),
    "sigu, letter": (["sigu", "doc", "letter", "--order", "P1", "--out", "letter.pdf"], "letter.pdf"),
    "Chromium, appeal": (chromium, "chromium.pdf"),
    "LibreOffice, appeal": (office, "appeal.pdf"),
}
for turn in range(runs + 1):
    if turn == 1:  # the first run warms caches and makes profiles
        os.remove(f"{work}/times")
    for name, (command, made) in contenders.items():
        if os.path.exists(f"{work}/{made}"):
            os.remove(f"{work}/{made}")  # sigu overwrites nothing
        measure(name, command)
with open(f"{work}/times") as lines:
    told = [json.loads(line) for line in lines]


def line(name):
    own = [one for one in told if one["contender"] == name]
    seconds = statistics.median(one["s"] for one in own)
    memory = max(one["rss_kib"] for one in own) / 1024
    path = f"{work}/{contenders[name][1]}"
    return seconds, memory, pages(path), os.path.getsize(path)


def aim(words, measured, met):
    return f"| {words} | {measured} | {'met' if met else '**missed**'} |"


def version(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]


appeal, letter = line("sigu, appeal"), line("sigu, letter")
with open("/proc/cpuinfo") as lines:
    processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
print(f"""# Papers

Written by `bench/papers.sh`, {runs} runs of each contender in alternation, on {processor}, {os.cpu_count()} cores; load average {os.getloadavg()[0]:.2f} at its end.
An appeal with {EXHIBITS} exhibits, {EXHIBITS - 1} screenshots of 1080 × 2200 and one of 1080 × 12000 pixels. {version('sigu', '--version')}, {version('chromium', '--version').split(' built')[0]}, {version('soffice', '--version')[:20].strip()}.

## Aims

| aim | measured | |
|---|---|---|
{aim(f'an appeal of 40 pages with 30 exhibits under 2 s', f'{appeal[0]:.2f} s for {appeal[2]} pages', appeal[0] < 2)}
{aim('… and under 300 MB', f'{appeal[1]:.0f} MB', appeal[1] < 300)}
{aim('a letter under 300 ms', f'{letter[0] * 1000:.0f} ms', letter[0] < 0.3)}

## Measured

The whole command by the clock, its start included. For sigu that is: open the vault, decrypt every exhibit, judge the case, set, write, sync, and fix the paper in the log where it is new.
The others are given the finished text and the pictures as files. Memory is the most that the command or one process it started held.

| | median | most memory | pages | size |
|---|---|---|---|---|""")
for name in contenders:
    seconds, memory, count, size = line(name)
    print(f"| {name} | {seconds:.2f} s | {memory:.0f} MB | {count} | {size / 1e6:.1f} MB |")
print("""
Only sigu's is PDF/A with tags, page numbers of exhibits and the same bytes each time.""")
