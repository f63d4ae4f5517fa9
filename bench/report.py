#!/usr/bin/env python3
"""Turns the measurements of run.sh into RESULTS.md (to standard output)."""
import argparse
import datetime
import json
import os
import statistics
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("times")
parser.add_argument("--huge-fits", type=int, metavar="MB")
parser.add_argument("--append")
parser.add_argument("--mb", type=int)
parser.add_argument("--files", type=int)
parser.add_argument("--bytes", nargs=2, type=int)
parser.add_argument("--took", type=int)
parser.add_argument("--load", help="the load average before the start")
given = parser.parse_args()

with open(given.times) as lines:
    entries = [json.loads(line) for line in lines]


def runs(group, contender):
    return [entry for entry in entries if entry["set"] == group and entry["contender"] == contender]


def median(group, contender, what="s"):
    found = runs(group, contender)
    return statistics.median(entry[what] for entry in found) if found else None


if given.huge_fits:
    # One run writes and syncs ten times 1 GiB.
    print(int(median("big disk", "sigu") * 10 * 1024 / given.huge_fits < 60))
    raise SystemExit


def synced():
    """openssl + age, with the time it takes until its output is on the disk."""
    for entry in [entry for entry in entries if entry["contender"] == "openssl + age"]:
        after = [one for one in entries if one["set"] == entry["set"] and one["contender"] == "then sync"]
        same = [one for one in entries if one["set"] == entry["set"] and one["contender"] == "openssl + age"]
        sync = after[same.index(entry)]
        entries.append({**entry, "contender": "openssl + age, then sync", "s": entry["s"] + sync["s"],
                        "sys_s": entry["sys_s"] + sync["sys_s"]})


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "?"


def cpu():
    with open("/proc/cpuinfo") as lines:
        found = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = found.get("flags", "").split()
    wanted = [flag for flag in ("sha_ni", "avx2", "avx512f") if flag in flags]
    return f"{found.get('model name', '?')} ({', '.join(wanted) or 'no SHA-NI, no AVX2'})"


def times(group, order, size_mb, base="sigu"):
    """A table of one set; the ratio is how much longer the contender took than sigu."""
    out = ["| | runs | best s | median s | MB/s | user s | sys s | peak MiB | × sigu |",
           "|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    own = median(group, base)
    for name in order:
        found = runs(group, name)
        if not found:
            continue
        best, mid = min(entry["s"] for entry in found), median(group, name)
        rss = max(entry["rss_kib"] for entry in found)
        low = "≤ " if rss <= max(entry["floor_kib"] for entry in found) else ""
        out.append(f"| {name} | {len(found)} | {best:.2f} | {mid:.2f} | {size_mb / mid:,.0f} | "
                   f"{median(group, name, 'user_s'):.2f} | {median(group, name, 'sys_s'):.2f} | {low}{rss / 1024:.0f} | {mid / own:.2f} |")
    return "\n".join(out)


def aim(text, value, limit, below):
    if value is None:
        return f"| {text} | – | not measured |"
    met = value <= limit if below else value >= limit
    return f"| {text} | {value:.2f} × | {'met' if met else '**missed**'} |"


def ratio(group, one, other):
    first, second = median(group, one), median(group, other)
    return first / second if first and second else None


synced()
FIX = ["sigu", "openssl + age", "openssl + age, then sync", "restic", "restic, uncompressed", "borg"]
VERIFY = ["sigu", "openssl dgst", "bagit.py", "bagit.py, all cores"]
big_mb, many_mb = given.mb * 1.048576, given.files * 0.05
append = json.load(open(given.append))
tree, singles, batches = append["tree"], append["singles"], append["batches"]
media = [medium for medium in ("disk", "memory") if runs(f"big {medium}", "sigu")]

aims = []
for medium in media:
    aims.append(aim(f"fix, big file, {medium}: ≤ 1.0 × openssl + age",
                    ratio(f"big {medium}", "sigu", "openssl + age"), 1.0, True))
    aims.append(aim("… the same with openssl + age synced as sigu is",
                    ratio(f"big {medium}", "sigu", "openssl + age, then sync"), 1.0, True))
    for kind in ("big", "many"):
        for other in ("restic, uncompressed" if runs(f"{kind} {medium}", "restic, uncompressed") else "restic", "borg"):
            aims.append(aim(f"fix, {kind}, {medium}: ≥ 2 × as fast as {other}", ratio(f"{kind} {medium}", other, "sigu"), 2, False))
for kind in ("big", "many"):
    aims.append(aim(f"verify, {kind}: ≤ 1.3 × openssl dgst", ratio(f"verify {kind}", "sigu", "openssl dgst"), 1.3, True))
    aims.append(aim(f"verify, {kind}: ≥ 3 × as fast as bagit.py", ratio(f"verify {kind}", "bagit.py", "sigu"), 3, False))
huge = runs("huge", "sigu")
peak = max(entry["rss_kib"] for entry in runs("big disk", "sigu")) / 1024


def sections():
    yield "# Results", ""
    yield (f"Written by `make bench` on {datetime.date.today()}, in {given.took} s. {cpu()}, {os.cpu_count()} cores, "
           f"Linux {os.uname().release}; load average before the start {given.load}"
           + (" (**other work was running: look at the ratios and at user + system time, not at the seconds**)."
              if float(given.load) > os.cpu_count() / 4 else ".")), ""
    yield "| | |", "|---|---|"
    for name, version in [
        ("sigu", said("sigu", "--version")), ("openssl", said("openssl", "version")),
        ("age", said("age", "--version")), ("restic", said("restic", "version")),
        ("borg", said("borg", "--version")), ("bagit.py", said("bagit.py", "--version")),
    ]:
        yield (f"| {name} | {version} |",)
    yield "", ("All inputs are random bytes in the page cache. Every contender ran in alternation with the others, "
               "each into a place of its own that was made (and synced) outside the measured time. MB are 10⁶ bytes. "
               "«× sigu» is how many times as long as sigu it took, by the medians. Peak memory is that of the "
               "largest process; «≤» means below what this way of measuring can see.")
    yield "", "## Aims", "", "| aim | measured | |", "|---|--:|---|", *aims, ""
    yield "## fix", "", (
        "`sigu fix` hashes each file, seals it for two recipients, checks that it did not change, commits a signed "
        "log entry, **and has synced it all to the disk before it answers** (fsync for a few files, syncfs for many). "
        "restic and borg sync their packs and segments too; openssl and age do not, so their time is given both "
        "without and with a sync afterwards. «In memory» is the same on a tmpfs, where syncing costs nothing and "
        "computing is all there is."), ""
    for medium in media:
        where = "on disk" if medium == "disk" else "in memory"
        yield f"### One file of {given.mb} MiB, {where}", "", times(f"big {medium}", FIX, big_mb), ""
        yield f"### {given.files:,} files of 50 KB, {where}", "", times(f"many {medium}", FIX, many_mb), ""
    yield "## verify", "", (
        "`sigu verify B.zip` reads the package once: SHA-256 and CRC-32 of every member, each leaf, disclosure and "
        "proof, the signatures, and that the lists say the same. openssl makes one SHA-256 over the same ZIP; "
        "bagit.py checks the unpacked folder's manifests and nothing of the log."), ""
    for kind, size in zip(("big", "many"), given.bytes):
        members = "one item" if kind == "big" else f"{given.files:,} items"
        yield f"### {members}, {size / 1e6:,.0f} MB", "", times(f"verify {kind}", VERIFY, size / 1e6), ""
    yield "## Memory", "", f"`sigu fix` of {given.mb} MiB: {peak:.0f} MiB at the peak."
    if huge:
        yield (f"A sparse file of 10 GiB: {huge[0]['rss_kib'] / 1024:.0f} MiB, in {huge[0]['s']:.0f} s "
               f"({10737 / huge[0]['s']:,.0f} MB/s)."), ""
    else:
        yield "A sparse file of 10 GiB is left out where writing it takes longer than a minute; `BENCH_HUGE=1 make bench` runs it.", ""
    yield "## Log", ""
    yield "| | count | s | per second |", "|---|--:|--:|--:|"
    yield f"| tree alone: leaf hashes appended, tiles taken every 1,000 | {tree['leaves']:,} | {tree['append_s']:.2f} | {tree['leaves'] / tree['append_s']:,.0f} |",
    yield f"| durable commits of one message | {singles['commits']:,} | {singles['total_s']:.2f} | {singles['commits'] / singles['total_s']:,.0f} |",
    yield f"| leaves in durable commits of 1,000 | {batches['leaves']:,} | {batches['total_s']:.2f} | {batches['leaves'] / batches['total_s']:,.0f} |",
    yield "", (
        f"A single commit takes {singles['median_s'] * 1e3:.2f} ms (median; 99 of 100 below {singles['p99_s'] * 1e3:.1f} ms). "
        f"The first tenth of the batches ran at {batches['early_per_s']:,.0f} leaves/s, the last at {batches['late_per_s']:,.0f}. "
        "One append is `Vault::execute`: the guard read and its root recomputed from the tiles, the order replayed from the log, "
        "the command decided, each field salted and hashed into the leaf, the disclosures sealed, leaf, tiles, signed "
        "checkpoint and projections written in one SQLite transaction with a full sync, the order replayed again for its "
        "summary, and the guard replaced with its own two syncs. A batch opens 100 orders with 9 messages each, so no order's "
        "replay is long; single messages go to 200 orders in turn.")
    yield "", (
        f"At {batches['leaves']:,} leaves the database has {batches['db_bytes'] / 1e6:,.0f} MB; closing it took {batches['close_s']:.2f} s, and one "
        f"command with one message, from opening to closing, {batches['one_command_s']:.2f} s.")
    if batches["leaves"] < 1_000_000:
        yield "", "The batches stopped when their time was over; `BENCH_SECONDS=600 make bench` goes to 1,000,000."
    yield "", "## What limits it", "", *limits()


def work(group, contender):
    return median(group, contender, "user_s") + median(group, contender, "sys_s")


def limits():
    cores = os.cpu_count()
    for medium in media:
        group, many = f"big {medium}", f"many {medium}"
        name = {"disk": "On disk", "memory": "In memory"}[medium]
        plain = "restic, uncompressed" if runs(many, "restic, uncompressed") else "restic"
        yield (
            f"**{name}.** The big file took sigu {work(group, 'sigu'):.2f} s of work ({median(group, 'sigu', 'user_s'):.2f} user, "
            f"{median(group, 'sigu', 'sys_s'):.2f} system) in {median(group, 'sigu'):.2f} s, so {work(group, 'sigu') / median(group, 'sigu'):.2f} of "
            f"{cores} cores; openssl + age took {work(group, 'openssl + age'):.2f} s of work. The user time is SHA-256 and ChaCha20-Poly1305 "
            "side by side, the system time is copying between page cache and process. "
            f"A small file took {work(many, 'sigu') / given.files * 1e6:,.0f} µs of work ({median(many, 'sigu', 'user_s') / given.files * 1e6:,.0f} user), "
            f"restic {work(many, plain) / given.files * 1e6:,.0f} µs, borg {work(many, 'borg') / given.files * 1e6:,.0f} µs: they pack many files "
            "into few, sigu makes for each a file of its own that plain age opens, with two X25519 key agreements, and a log entry.")
        yield ""
    group = "verify many"
    yield (
        f"**verify.** The big package is one SHA-256 that no second core can share ({median('verify big', 'sigu', 'user_s'):.2f} s user); reading and CRC-32 "
        "go beside it. Where Python's SHA-256 is OpenSSL's own, bagit.py on one big file is bound by the same hash, so no verifier can be "
        f"three times as fast. The package of {given.files:,} items took {work(group, 'sigu'):.2f} s of work in {median(group, 'sigu'):.2f} s: it has four "
        "files for each item, and each leaf with its proof and disclosures is parsed and checked after the hashing.")
    yield ""
    many_rss = max(entry["rss_kib"] for entry in entries if entry["set"].startswith("many") and entry["contender"] == "sigu")
    yield f"**Memory.** It does not grow with the size of a file, but with their number: {many_rss / 1024:.0f} MiB for {given.files:,} files."
    yield ""
    yield (
        f"**The log.** The tree costs {tree['append_s'] / tree['leaves'] * 1e9:,.0f} ns a leaf, a leaf in a batch "
        f"{batches['total_s'] / max(batches['leaves'], 1) * 1e6:,.0f} µs: the difference is encoding, salts, sealing, replay and SQLite, none of them large alone. "
        "A single commit waits for three syncs and more: the database's, and the guard's file and folder. A command on a large vault also "
        "hashes the whole database twice for the seal, before the first write and after the last.")


for part in sections():
    print("\n".join([part] if isinstance(part, str) else part))
