#!/usr/bin/env python3
"""capture_report.py RESULTS SINGLE-FILE-VERSION MONOLITH-VERSION: turns the measurements into CAPTURE.md."""
import json
import os
import statistics
import subprocess
import sys

with open(sys.argv[1]) as file:
    told = json.load(file)
pages = told["pages"]
names = list(pages[0]["kept"])
timed = [page for page in pages if page["times"]]
orders = [page for page in timed if page["facts"]]
RIVALS = ["single-file", "single-file, no waits", "monolith", "chromium, then monolith"]


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "?"


def processor():
    with open("/proc/cpuinfo") as lines:
        found = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return found.get("model name", "?")


def times(page, name, what="s"):
    return [one[what] for one in page["times"][name]]


def median(page, name):
    return statistics.median(times(page, name))


def size(count):
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def of(pair):
    return f"{pair[0]} of {pair[1]}" if pair[1] else "–"


def aim(text, met, measured):
    return f"| {text} | {measured} | {'met' if met else '**missed**'} |"


def aims():
    if orders:
        yield from aims_of_time()
    yield from aims_of_keeping()


def aims_of_time():
    worst = max(orders, key=lambda page: median(page, "sigu, click"))
    value = median(worst, "sigu, click")
    yield aim("an order page from click to durable evidence: median under 1.5 s", value < 1.5, f"{value:.2f} s at most")
    for own, other in [("sigu, cold", "single-file"), ("sigu, cold", "single-file, no waits"), ("sigu, cold", "monolith"),
                       ("sigu, click", "single-file"), ("sigu, click", "single-file, no waits"),
                       ("sigu, click", "monolith")]:
        ratios = [median(page, other) / median(page, own) for page in timed]
        yield aim(f"{own}: faster than {other}, every page", min(ratios) > 1,
                  f"{other} takes {min(ratios):.2f} to {max(ratios):.2f} × as long")


def aims_of_keeping():
    whole = {name: all(page["kept"][name]["all"][0] == page["kept"][name]["all"][1] for page in pages) for name in names}
    own = all(whole[name] for name in names if name.startswith("sigu"))
    lost = sum(page["kept"][name]["all"][1] - page["kept"][name]["all"][0]
               for page in pages for name in names if name.startswith("sigu"))
    yield aim("every response it was served is kept, byte for byte", own, "all" if own else f"{lost} missing")
    others = [name for name in RIVALS if whole[name]]
    yield aim("… and no other of these tools does that", not others, ", ".join(others) or "none")


def time_table(page):
    yield f"### {page['title']}"
    yield ""
    yield "| | runs | median s | min s | max s | kept |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name in names:
        all_times = times(page, name)
        kept = statistics.median(times(page, name, "bytes"))
        yield (f"| {name} | {len(all_times)} | {statistics.median(all_times):.2f} | {min(all_times):.2f} | "
               f"{max(all_times):.2f} | {size(kept)} |")
    inside = [one["inside_ms"] / 1e3 for one in page["times"]["sigu, click"]]
    yield ""
    yield f"The click itself, without the start of the second `sigu` that passes it on: median {statistics.median(inside):.2f} s."
    yield ""


def kept_table(page):
    yield f"### {page['title']}"
    yield ""
    facts = " | order data" if page["facts"] else ""
    yield f"| | served to it | kept | JSON | redirects | header fields{facts} |"
    yield "|---|--:|--:|--:|--:|--:|" + ("--:|" if page["facts"] else "")
    for name in names:
        kept = page["kept"][name]
        fields = of(kept["fields"])
        if kept["fields_left_out"]:
            fields += f", {kept['fields_left_out']} left out on purpose"
        missing = [fact for fact in page["facts"] if fact not in kept["facts"]]
        again = f" ({kept['asked']} requests)" if kept["asked"] > kept["all"][1] else ""
        row = [name, f"{kept['all'][1]}{again}, {size(kept['wire'])}", str(kept["all"][0]), of(kept["json"]),
               of(kept["redirects"]), fields]
        if page["facts"]:
            row.append(f"{len(kept['facts'])} of {len(page['facts'])}" + (f": no {', no '.join(missing)}" if missing else ""))
        yield "| " + " | ".join(row) + " |"
    yield ""


def certificates():
    for name, kept in told["certificates"].items():
        yield f"| {name} | {'yes' if kept else 'no'} |"


def report():
    busy = told["load_before"] > os.cpu_count() / 4
    yield "# Capture"
    yield ""
    yield (f"Written by `bench/capture.sh`, {told['runs']} runs of each contender in alternation, on {processor()}, "
           f"{os.cpu_count()} cores; load average {told['load_before']:.2f} when it began, {told['load_after']:.2f} at its end"
           + (" (**other work was running: look at the ratios, not at the seconds**)." if busy else "."))
    yield ""
    yield "| | |"
    yield "|---|---|"
    for name, version in [("sigu", said("sigu", "--version")), ("browser of all", said("chromium", "--version")),
                          ("single-file-cli", f"{sys.argv[2]} on node {said('node', '--version')}"),
                          ("monolith", sys.argv[3])]:
        yield f"| {name} | {version} |"
    yield ""
    yield "## Aims"
    yield ""
    yield "| aim | measured | |"
    yield "|---|---|---|"
    yield from aims()
    yield ""
    yield "## What runs"
    yield ""
    yield from CONTENDERS
    yield ""
    yield "## Time"
    yield ""
    yield from TIME
    yield ""
    for name, count in told["nothing"].items():
        yield f"{name} ended {count} times as if all were well, and without a file; it was asked again, and that time is not counted."
        yield ""
    for page in timed:
        yield from time_table(page)
    yield "## What is kept"
    yield ""
    yield from KEPT
    yield ""
    for page in pages:
        yield from kept_table(page)
    yield "Over HTTPS, the server's certificate is in the result:"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield from certificates()


CONTENDERS = """\
- **sigu, click**: `sigu browse` stands open at the page, `sigu capture` asks it to fix what is shown. This is what a buyer feels.
- **sigu, cold**: `sigu capture URL` starts a browser, opens the page, fixes it and ends the browser; its profile is the one of
  the run before. **New profile**: the same after the profile was removed, as at the very first use.
- **single-file**: `single-file URL FILE` as it comes: it waits until the network is quiet for a while and for deferred images.
  **No waits**: `--browser-wait-until load --browser-wait-until-delay 0 --load-deferred-images false`. Its profile is always new.
- **monolith**: `monolith URL -o FILE`; it has no browser and runs no scripts. **chromium, then monolith**: what its manual says
  for pages made by scripts, `chromium --headless … --dump-dom URL | monolith - -I -b URL -o FILE`.""".splitlines()
TIME = """\
By the clock, from the start of the command to its end. When sigu ends, its files are sealed, in the vault and synced to the disk,
and a signed log entry holds their hashes; the others have handed one file to the system and not synced it. «Kept» are the bytes of the
files made: for sigu the picture of the whole page, its text, the archive (which holds picture and text as well) and the record of
the conditions; for the others the one HTML file.""".splitlines()
KEPT = """\
Each tool ran once through a proxy that wrote down what was served to it: that is the second count, of no tool's own. **Kept** means
byte for byte: for sigu a response record with the same address, status and body in the archive as it came out of the vault again,
read by warcio; for the others the body as it was, in the file itself or in one of its `data:` addresses. A page they rewrote or a script
they left out is not kept in this sense, though what is seen of the page may be there; they are made for reading a page later, and one file that
opens anywhere is what sigu does not give. An empty body (204, 302) counts where its status is kept. **Order data**: whether number, amount,
goods and, where the page as loaded has it, the card can be found in the result. An icon a browser asked for on its own is not counted.""".splitlines()

print("\n".join(report()))
