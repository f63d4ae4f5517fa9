#!/usr/bin/env python3
"""capture.py TOOLS WORK RUNS RESULTS: runs the practice shop and every tool on its pages, and writes what was measured
as JSON. First each tool runs once through a proxy that writes down what was served; then all run in alternation,
straight to the shop, by the clock. capture_report.py makes the table."""
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

from capture_kept import Archive, Page
from capture_proxy import Proxy

tools, work, runs, results = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
SINGLE_FILE = os.path.join(tools, "node_modules/.bin/single-file")
MONOLITH = os.path.join(tools, "bin/monolith")
CHROMIUM = shutil.which("chromium")
ROOT = os.geteuid() == 0
SANDBOX = ["--no-sandbox"] if ROOT else []
SKINS = {"dj-unicorn": "order page, 独角数卡", "qs": "order page, 企商, the card in a part not yet shown", "rbw": "order page, 彩虹",
         "acg": "order page, acg-faka (the order comes as JSON)"}

GOODS = "星海OL 点卡 100元面值"
# On the others the card comes at a press of a button.
SHOWS_CARD = {"dj-unicorn", "qs"}


class Shop:
    def __init__(self, skin, *flags):
        command = ["practice-shop", "--skin", skin, "--seed", "1", "--until-stdin-closes", *flags]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().strip().rstrip("/")
        self.port = int(self.base.rsplit(":", 1)[1])

    def buy(self):
        wish = json.dumps({"goods": 1, "quantity": 1}).encode()
        ask = urllib.request.Request(self.base + "/_control/buy", wish, {"Content-Type": "application/json"})
        trusting = ssl._create_unverified_context()
        with urllib.request.urlopen(ask, context=trusting if self.base.startswith("https") else None) as answer:
            return json.load(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def run(command, **more):
    """Runs a command to its end; seconds by the clock and what it said."""
    begun = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, **more)
    seconds = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{(done.stdout + done.stderr).decode(errors='replace')[-2000:]}")
    return seconds, done.stdout


def file_of(name):
    return os.path.join(work, name)


# ── the contenders: each saves one address, and tells the seconds, the bytes kept and where they are ──

class Sigu:
    """A vault of its own, so that the browser's profile is as from the use before, or new."""

    def __init__(self, name, new_profile=False):
        self.name, self.new_profile = name, new_profile
        place = file_of(name.replace(" ", "-").replace(",", ""))
        self.environment = {**os.environ, "SIGU_VAULT": place + "/vault", "SIGU_STATE_DIR": place + "/state"}
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        self.place, self.count = place, 0
        self.sigu("init", "--no-passphrase")

    def sigu(self, *arguments):
        return run(["sigu", *arguments], env=self.environment)

    def order(self):
        self.count += 1
        self.sigu("order", "new", f"B{self.count}")
        return f"B{self.count}"

    def result(self, order, seconds, said):
        said = json.loads(said)
        return {"s": seconds, "inside_ms": said["milliseconds"], "bytes": sum(item["size"] for item in said["items"]),
                "files": len(said["items"]), "gaps": [gap["code"] for gap in said["gaps"]], "order": order}

    def save(self, url, *flags):
        order = self.order()
        if self.new_profile:
            shutil.rmtree(self.place + "/state/browser", ignore_errors=True)
        os.sync()
        seconds, said = self.sigu("capture", url, "--order", order, "--as", "transaction", "--json",
                                  *SANDBOX, *flags)
        return self.result(order, seconds, said)

    def opened(self, result):
        """The archive as it comes out of the vault again."""
        folder = file_of("exported")
        shutil.rmtree(folder, ignore_errors=True)
        out = folder + ".zip"
        if os.path.exists(out):
            os.remove(out)
        self.sigu("export", "--order", result["order"], "--include-secrets", "--out", out)
        subprocess.run(["unzip", "-q", out, "-d", folder], check=True)
        for path, _, names in os.walk(folder):
            for name in names:
                if name.endswith(".wacz"):
                    return Archive(os.path.join(path, name))
        sys.exit("no archive in the exported package")


class Click(Sigu):
    """The evidence browser stands open at the page; the time is that of the click."""

    def open(self, url):
        self.at = self.order()
        command = ["sigu", "browse", "--headless", *SANDBOX, "--order", self.at, url]
        self.browse = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.browse.stderr.readline()
        # What it says later is read away, so that it never waits for us.
        threading.Thread(target=self.browse.stderr.read, daemon=True).start()

    def save(self, _url):
        os.sync()
        seconds, said = self.sigu("capture", "--as", "transaction", "--json")
        return self.result(self.at, seconds, said)

    def close(self):
        self.browse.send_signal(signal.SIGINT)
        self.browse.wait(30)


class OneFile:
    def __init__(self, name, command):
        self.name, self.command, self.nothing = name, command, 0

    def save(self, url, *flags):
        """A tool that says all is well and wrote nothing is asked again; that is told beside the results."""
        out = file_of("one.html")
        for _ in range(5):
            if os.path.exists(out):
                os.remove(out)
            os.sync()
            seconds, _ = run(self.command(url, out, *flags))
            if os.path.exists(out):
                return {"s": seconds, "bytes": os.path.getsize(out), "files": 1}
            self.nothing += 1
        sys.exit(f"{self.name} wrote nothing for {url}")

    def opened(self, _result):
        return Page(file_of("one.html"))


def single_file(*waits):
    return lambda url, out, *flags: [SINGLE_FILE, url, out, "--browser-executable-path", CHROMIUM, "--browser-args",
                                     json.dumps(SANDBOX + list(flags)), "--filename-conflict-action", "overwrite", *waits]


def monolith(url, out, *flags):
    return [MONOLITH, "--quiet", *flags, "-o", out, url]


def dumped(url, out, *_flags):
    """What the manual of monolith says for pages made by scripts."""
    script = ('"$1" --headless --window-size=1920,1080 --run-all-compositor-stages-before-draw '
              '--virtual-time-budget=9000 --incognito ${5:+"$5"} --dump-dom "$2" 2>/dev/null '
              '| "$4" --quiet - -I -b "$2" -o "$3"')
    return ["bash", "-o", "pipefail", "-c", script, "-", CHROMIUM, url, out, MONOLITH, *SANDBOX]


CLICK = Click("sigu, click")
COLD = Sigu("sigu, cold")
ALL = [CLICK, COLD, Sigu("sigu, cold, new profile", new_profile=True),
       OneFile("single-file", single_file()),
       OneFile("single-file, no waits", single_file(
           "--browser-wait-until", "load", "--browser-wait-until-delay", "0", "--load-deferred-images", "false")),
       OneFile("monolith", monolith), OneFile("chromium, then monolith", dumped)]


# ── what was served, and what of it is there ──

def is_json(one):
    return any(name.lower() == "content-type" and "json" in value for name, value in one["fields"])


def counted(tool, page, shop, facts):
    proxy = Proxy(shop.port)
    url = f"http://127.0.0.1:{proxy.port}{page}"
    if tool is CLICK:
        tool.open(url)
    result = tool.save(url)
    if tool is CLICK:
        tool.close()
    # Browsers ask for icons when they like to; this one is empty.
    served = [one for one in proxy.taken() if one["path"] != "/favicon.ico"]
    proxy.close()
    saved, asked = tool.opened(result), len(served)
    # Some ask for the same twice; that is one answer.
    served = list({(one["method"], one["path"], one["status"], one["body"]): one for one in served}.values())
    kept = saved.kept(served)
    sieve = {"all": lambda one: True, "json": is_json, "redirects": lambda one: 300 <= one["status"] < 400}
    told = {name: [sum(map(wanted, (one for one, _ in kept))), sum(map(wanted, served))] for name, wanted in sieve.items()}
    fields, left_out = saved.fields(served)
    told["fields"] = [fields, sum(len(one["fields"]) for one in served)]
    told["fields_left_out"] = left_out
    told["facts"] = [name for name, text in facts.items() if saved.holds(text)]
    told["asked"] = asked
    told["wire"] = sum(len(one["body"]) for one in served)
    told["paths"] = sorted({f"{one['method']} {one['path']}" for one in served})
    told["lost"] = [f"{one['method']} {one['path']} {one['status']}" for one in served
                    if not any(one is other for other, _ in kept)][:20]
    print(f"  {page[:40]:<40} {tool.name:<24} {told['all'][0]:>4} of {told['all'][1]:>4} kept, "
          f"{len(told['facts'])} of {len(facts)} facts", flush=True)
    return {**result, **told}


def timed(page, shop):
    url = shop.base + page
    CLICK.open(url)
    rounds = {tool.name: [] for tool in ALL}
    for _ in range(runs):
        for tool in ALL:
            rounds[tool.name].append(tool.save(url))
    CLICK.close()
    for name, all_runs in rounds.items():
        times = sorted(one["s"] for one in all_runs)
        print(f"  {page[:40]:<40} {name:<24} {times[len(times) // 2]:7.2f} s", flush=True)
    return rounds


def certificates():
    """Which tools keep the certificate of a shop that speaks HTTPS."""
    shop = Shop("dj-unicorn", "--tls")
    pem = ssl.get_server_certificate(("127.0.0.1", shop.port))
    der = ssl.PEM_cert_to_DER_cert(pem)
    url = shop.base + shop.buy()["order_url"].removeprefix(shop.base)
    trusting = {"sigu, cold": ["--browser-flag=--ignore-certificate-errors"],
                "single-file": ["--ignore-certificate-errors"], "monolith": ["--insecure"]}
    kept = {tool.name: tool.opened(tool.save(url, *trusting[tool.name])).certificate(der)
            for tool in ALL if tool.name in trusting}
    shop.close()
    return kept


def main():
    told = {"pages": [], "runs": runs, "load_before": os.getloadavg()[0]}
    shops = {skin: Shop(skin) for skin in SKINS}
    pages = []
    for skin, title in SKINS.items():
        shop, bought = shops[skin], shops[skin].buy()
        amount = f"{bought['amount_fen'] / 100:.2f}"
        facts = {"number": bought["order_no"], "amount": amount, "goods": GOODS}
        facts |= {"card": bought["codes"][0]} if skin in SHOWS_CARD else {}
        path = bought["order_url"].removeprefix(shop.base)
        pages.append((skin, title, path, shop, facts, True))
        if skin == "dj-unicorn":
            pages.append(("redirect", "the same, coming back from the payment (302)",
                          f"/pay-gateway/pay/wxpay/{bought['order_no']}", shop, facts, False))
    pages.append(("heavy", "300 resources, 40 MB", "/_pages/heavy", shops["dj-unicorn"], {}, True))
    wanted = os.environ.get("BENCH_PAGES", "").split()
    for key, title, path, shop, facts, by_the_clock in pages:
        if wanted and key not in wanted:
            continue
        entry = {"key": key, "title": title, "facts": list(facts)}
        entry["kept"] = {tool.name: counted(tool, path, shop, facts) for tool in ALL}
        entry["times"] = timed(path, shop) if by_the_clock and runs else {}
        told["pages"].append(entry)
    for shop in shops.values():
        shop.close()
    told["certificates"] = certificates()
    told["nothing"] = {tool.name: tool.nothing for tool in ALL if getattr(tool, "nothing", 0)}
    told["load_after"] = os.getloadavg()[0]
    with open(results, "w") as out:
        json.dump(told, out, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
