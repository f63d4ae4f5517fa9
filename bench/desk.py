#!/usr/bin/env python3
"""desk.py SIGU FOLDER FILLED PROFILE RUNS [EARLIER-SIGU EARLIER-FOLDER]

Measures the desk over the vault in FOLDER: how soon it answers, how long its pages take, how much memory it holds, what the
home page weighs; and the search of the command line's vault. Prints bench/DESK.md. FILLED is what the generator said.
With an earlier build and a vault that it made alike, what that one takes stands beside.
"""
import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

sigu, folder, filled, profile, runs, *earlier = sys.argv[1:]
filled, runs = json.load(open(filled)), int(runs)
QUERIES = {
    "two characters, in every message": ["退款", "点券", "卡密", "会员"],
    "two characters, in a few orders": ["月卡", "原神", "话费", "季卡"],
    "a phrase": ["请提供兑换时的截图", "二十四小时内答复", "無效卡密應當補發"],
    "a whole number": [f"2026{(number + 1) * 791904729 % 10**12:012}" for number in (3, 4_321, 9_876)],
    "a part of a number": ["1904729", "K4321", "20260801220014"],
    "several words": ["店铺7号 会员", "Steam 充值卡 57 元", "第 4321 单 退款"],
    "nothing there": ["甲乙丙丁", "zzzz9999", "不存在的"],
    "one character": ["原"],
}


def start(sigu, folder):
    """Starts the desk; gives process, port, its one link, and the milliseconds until the link answered."""
    environment = {
        **os.environ, "SIGU_VAULT": f"{folder}/vault", "SIGU_STATE_DIR": f"{folder}/state", "LC_ALL": "C.UTF-8"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sigu, "--lang", "en", "desk", "--no-browser", "--until-stdin-closes"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if link := re.search(r"http://127\.0\.0\.1:(\d+)(/start\S+)", line):
            break
    else:
        sys.exit("the desk did not open")
    connection = http.client.HTTPConnection("127.0.0.1", int(link[1]))
    connection.request("GET", link[2])
    answer = connection.getresponse()
    answer.read()
    took = (time.perf_counter() - begun) * 1000
    assert answer.status == 303, answer.status
    return process, int(link[1]), answer.getheader("Set-Cookie").split(";")[0], took


def stop(process):
    process.stdin.close()
    process.wait()


def memory(process):
    status = open(f"/proc/{process.pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def get(port, cookie, path):
    """One page over a connection of its own, as milliseconds and body."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - begun) * 1000
    assert answer.status == 200, (path, answer.status)
    return took, body


def at(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def shop(number):
    return urllib.parse.quote(f"店铺{number * 7 % 300}号数卡")


def verdict(value, aim):
    return "met" if value < aim else "**missed**"


def measure(sigu, folder, few):
    """Everything that is measured of one build over one vault."""
    starts = []
    for _ in range(5):
        process, port, cookie, took = start(sigu, folder)
        starts.append(took)
        stop(process)
    process, port, cookie, _ = start(sigu, folder)
    time.sleep(1)
    idle = memory(process)
    step = max(1, filled["orders"] // runs)
    pages = {
        "home": ["/"] * runs,
        "order": [f"/orders/K{number * step}" for number in range(runs)],
        "list of orders": ["/orders"] * runs,
        "evidence of an order": [f"/orders/K{number * step}/evidence" for number in range(runs)],
        "talk of an order": [f"/orders/K{number * step}/talk" for number in range(runs)],
        "merchants": ["/merchants"] * few,
        "a merchant": [f"/merchants/{shop(number)}" for number in range(few)],
        "rules": ["/rules"] * few,
        "check before buying": [f"/merchants/check?price=30&merchant={shop(number)}" for number in range(few)],
    }
    measured, first = {}, {}
    for name, paths in pages.items():
        first[name] = get(port, cookie, paths[0])[0]
        measured[name] = [get(port, cookie, path)[0] for path in paths]
    search = {}
    for kind, queries in QUERIES.items():
        paths = ["/search?q=" + urllib.parse.quote(query) for query in queries]
        for path in paths:
            get(port, cookie, path)
        search[kind] = [get(port, cookie, path)[0] for _ in range(max(3, runs // len(paths))) for path in paths]
    _, home = get(port, cookie, "/")
    parts = {"html": len(home)}
    for asset in sorted(set(re.findall(rb'"(/assets/[^"]+)"', home))):
        parts[asset.decode().rsplit(".", 1)[1]] = len(get(port, cookie, asset.decode())[1])
    after = memory(process)
    time.sleep(5)
    later = memory(process)
    stop(process)

    indexed = [took for kind, times in search.items() if kind != "one character" for took in times]
    weight = sum(parts.values()) / 1024
    rows = [
        ("home under 50 ms (p95)", at(measured["home"], 0.95), 50, "ms"),
        ("an order under 50 ms (p95)", at(measured["order"], 0.95), 50, "ms"),
        ("search under 30 ms (p95, the page, words of two characters and more)", at(indexed, 0.95), 30, "ms"),
        ("start until the link answers under 500 ms (median)", at(starts, 0.5), 500, "ms"),
        ("memory at rest after the start under 80 MB", idle, 80, "MB"),
        ("search for one character under 30 ms (p95, the page)", at(search["one character"], 0.95), 30, "ms"),
        ("merchants, a merchant, rules, check before buying under 100 ms (p95)",
         max(at(measured[name], 0.95) for name in ("merchants", "a merchant", "rules", "check before buying")), 100, "ms"),
        ("home with style, script and mark under 150 KB", weight, 150, "KB"),
    ]
    return {"rows": rows, "measured": measured, "first": first, "search": search, "starts": starts,
            "memory": (idle, after, later), "parts": parts}


now = measure(sigu, folder, runs)
# A build from before the pages of merchants were quick is asked for them thrice.
before = measure(*earlier, 3) if earlier else None
model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
print(f"""# The desk with many orders

Written by `bench/desk.sh` on {model}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.2f} at its end; profile: {profile}.
The vault has {filled["orders"]:,} orders with {filled["items"]:,} pieces of evidence and messages ({filled["contents"]:,} contents of their own,
text of a few words; the other pieces show one of them again), filled through the write path in {filled["fill_s"]:.0f} s;
its database has {filled["database_bytes"] / 2**20:.0f} MiB. {runs} requests of each page, each over a connection of its own, after one that is not counted.
""")
if before:
    print("*Before* is an earlier build over a vault of its own, filled alike, in the same run.\n")


def table(title, names, cells):
    """A table with what each build has of a row, the earlier one first."""
    builds = [("before: ", before), ("", now)] if before else [("", now)]
    print(f"| {title} | " + " | ".join(label + name for label, _ in builds for name in names) + " |")
    print("|---|" + "---|" * (len(builds) * len(names)))
    for key, cell in cells:
        print(f"| {key} | " + " | ".join(text for _, build in builds for text in cell(build)) + " |")
    print()


print("## Aims\n")
aims = [(aim, lambda build, at=at: (f"{build['rows'][at][1]:.0f} {build['rows'][at][3]}", verdict(*build["rows"][at][1:3])))
        for at, (aim, *_) in enumerate(now["rows"])]
table("aim", ("measured", "verdict"), aims)
print("## Pages\n")
times = lambda kind, name: lambda build: (f"{at(build[kind][name], 0.5):.1f}", f"{at(build[kind][name], 0.95):.1f}")
pages = [(name, lambda build, name=name: (*times("measured", name)(build), f"{build['first'][name]:.0f}")) for name in now["measured"]]
table("page", ("median ms", "p95 ms", "the first, not counted"), pages)
print("## Search\n\nThe whole page: the vault opened, asked, the orders of the answers read, the answers drawn.\n")
table("what is asked", ("median ms", "p95 ms"), [(kind, times("search", kind)) for kind in now["search"]])
idle, after, later = now["memory"]
print(f"""## Start, memory, weight

From the command to the answer of its link: {", ".join(f"{took:.0f}" for took in sorted(now["starts"]))} ms.
Memory (VmRSS) one second after the start {idle:.0f} MB, after all pages {after:.0f} MB, five seconds later {later:.0f} MB.
Bytes of the home page: {", ".join(f"{name} {size:,}" for name, size in now["parts"].items())}.""")
