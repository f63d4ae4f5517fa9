#!/usr/bin/env python3
"""measure.py TIMES SET CONTENDER -- COMMAND…

Runs a command, and adds one line of JSON to TIMES: seconds by the clock, user and system
seconds, and peak memory of the largest process of it. Its output goes to nowhere; if it fails, so does this.
"""
import json
import os
import resource
import subprocess
import sys
import time

times, group, contender, dashes, *command = sys.argv[1:]
assert dashes == "--", __doc__

with open(times + ".err", "wb") as errors:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
if code := os.waitstatus_to_exitcode(status):
    sys.stderr.write(open(times + ".err", errors="replace").read()[-2000:])
    sys.exit(f"{contender}: exit {code}")

# A child inherits the peak of the process that started it; below that floor nothing can be seen.
floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
entry = {
    "set": group, "contender": contender, "s": seconds, "user_s": used.ru_utime, "sys_s": used.ru_stime,
    "rss_kib": used.ru_maxrss, "floor_kib": floor,
}
with open(times, "a") as out:
    out.write(json.dumps(entry) + "\n")
print(f"  {group:<14} {contender:<34} {seconds:8.2f} s   {used.ru_maxrss / 1024:7.1f} MiB", flush=True)
