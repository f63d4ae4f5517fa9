#!/usr/bin/env python3
"""desk_steps.py BENCH_READS FOLDER RUNS

Where the time of a page goes: what the desk reads of the vault in FOLDER, step by step. Prints a section of bench/DESK.md.
"""
import json
import subprocess
import sys

program, folder, runs = sys.argv[1:]
steps = json.loads(subprocess.run([program, folder, runs], check=True, capture_output=True, text=True).stdout)
print("\n## Where the time goes\n\nThe steps alone, without the pages: each with the vault opened anew.\n")
print("| step | median ms | p95 ms |\n|---|---|---|")
for name, (median, late) in steps.items():
    print(f"| {name} | {median:.1f} | {late:.1f} |")
