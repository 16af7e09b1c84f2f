"""heed serve over a long time and under pressure: figures for RESULTS.md, and an exit status of 1 where one is bad.

    HEED=build/release/heed python3 bench/serve_endurance.py MODEL TEXTS [--requests N] [--reloads N]

TEXTS holds a text a line; needs build/serve_load (bench/serve_load.c). The parts:

    beside      predictions on 8 connections by themselves, and while explanations are asked for as fast as they go:
                the 99th percentile of each, and how many were not answered 200
    million     N (1,000,000) requests on 64 connections: memory and open files after each quarter
    crowd       2,000 connections at the same time against a limit of 256: how many have a whole answer, 503 or nothing;
                seconds until an ordinary request is answered again
    reloads     N (100) reloads under load, every fifth of a broken file: requests that failed
    end         SIGTERM under load: requests that were sent and not answered, seconds until the process has ended"""
import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests", "cli"))
os.environ.setdefault("HEED", os.path.join(HERE, "..", "build", "release", "heed"))
from serving import Server, wait_for  # noqa: E402

LOAD = os.path.join(HERE, "..", "build", "serve_load")
bad = []


def check(what, fine):
    if not fine:
        bad.append(what)


def load(server, texts, requests, connections):
    """Requests a second, median and 99th percentile in milliseconds."""
    told = subprocess.run([LOAD, str(server.address[1]), texts, str(requests), str(connections)], check=True,
                          capture_output=True, text=True).stdout
    return [float(x) for x in re.search(r"(\d+) requests/s, median +([\d.]+) ms, 99% +([\d.]+)", told).groups()]


class Asking:
    """Threads that ask the same without a pause; statuses are counted."""

    def __init__(self, server, path, body, count):
        self.server, self.path, self.body, self.more, self.statuses = server, path, json.dumps(body), True, {}
        self.threads = [threading.Thread(target=self.run) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def run(self):
        connection = self.server.keep()
        while self.more:
            try:
                connection.request("POST", self.path, self.body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
                if answer.getheader("Connection") == "close":
                    self.more = self.more and status == 200
            except (OSError, http.client.HTTPException) as error:
                status, connection = type(error).__name__, self.server.keep()
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def end(self):
        self.more = False
        for thread in self.threads:
            thread.join()
        return self.statuses


def beside(model, texts):
    lines = open(texts, encoding="utf-8").read().splitlines()
    with Server(f"m={model}", "--connections-each", "0") as s:
        load(s, texts, 10000, 8)
        alone = [load(s, texts, 20000, 8) for _ in range(3)]
        explaining = Asking(s, "/v1/models/m:explain", {"instances": lines[:8]}, 4)
        time.sleep(1)
        together = [load(s, texts, 20000, 8) for _ in range(3)]
        said = explaining.end()
        others = sum(int(s.metric(f'heed_requests_total{{route="/predict",status="{status}"}}')) for status in (429, 500, 503, 504))
    one, two = (sorted(x[2] for x in runs)[1] for runs in (alone, together))
    print(f"beside: 99% within {one:.2f} ms by themselves ({alone[1][0]:.0f} requests/s), {two:.2f} ms beside explanations "
          f"({together[1][0]:.0f} requests/s): {two / one:.2f} times; explanations answered {said}; predictions refused: {others}")
    check("beside", two <= 3 * one and others == 0 and set(said) == {200})


def million(model, texts, requests):
    with Server(f"m={model}", "--connections-each", "0") as s:
        load(s, texts, 20000, 64)
        rows = []
        for _ in range(4):
            load(s, texts, requests // 4, 64)
            rows.append((s.metric("process_resident_memory_bytes") / 2 ** 20, int(s.metric("process_open_fds"))))
    print(f"million: {requests} requests; MiB and open files after each quarter: "
          + ", ".join(f"{memory:.1f} {files}" for memory, files in rows))
    check("million", rows[-1][0] <= 1.05 * rows[0][0] and rows[-1][1] <= rows[0][1] + 2)


def crowd(model):
    with Server(f"m={model}") as s:
        held = []
        for _ in range(2000):
            try:
                held.append(s.connect(10))
            except OSError:
                held.append(None)
        for c in held:
            try:
                if c:
                    c.sendall(b"GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            except OSError:
                pass
        heard = {}
        for c in held:
            data = b""
            try:
                while c and (piece := c.recv(65536)):
                    data += piece
            except OSError:
                pass
            status = data[9:12].decode() if data.startswith(b"HTTP/1.1 ") and b"\r\n\r\n{" in data else "nothing"
            heard[status] = heard.get(status, 0) + 1
            if c:
                c.close()
        began = time.monotonic()
        again = wait_for(lambda: s.ask("GET", "/v2")[0] == 200, 30)
        seconds = time.monotonic() - began
    print(f"crowd: 2000 connections: {heard}; an ordinary request is answered after {seconds:.2f} s")
    check("crowd", again and seconds < 5 and set(heard) <= {"200", "503", "nothing"})


def reloads(model, texts, count):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "m.safetensors")
    shutil.copy(model, path)
    whole = open(model, "rb").read()
    with Server(path, "--connections-each", "0") as s:
        asking = Asking(s, "/", {"inputs": open(texts, encoding="utf-8").readline()}, 6)
        good = broken = 0
        for i in range(count):
            with open(path + ".new", "wb") as file:
                file.write(whole[:-9] if i % 5 == 4 else whole)
            os.replace(path + ".new", path)
            s.tell(signal.SIGHUP)
            good, broken = good + (i % 5 != 4), broken + (i % 5 == 4)
            check("reload", wait_for(lambda: (s.metric('heed_model_reloads_total{model="m"}'),
                                              s.metric('heed_model_reload_failures_total{model="m"}')) == (good, broken), 60))
        said = asking.end()
        memory = s.metric("process_resident_memory_bytes") / 2 ** 20
    shutil.rmtree(folder)
    print(f"reloads: {good} good, {broken} of broken files; requests meanwhile {said}; {memory:.1f} MiB in the end")
    check("reloads", set(said) == {200})


def end(model, texts):
    s = Server(f"m={model}", "--connections-each", "0")
    asking = Asking(s, "/", {"inputs": open(texts, encoding="utf-8").readline()}, 16)
    time.sleep(2)
    began = time.monotonic()
    s.tell(signal.SIGTERM)
    status = s.process.wait(60)
    seconds = time.monotonic() - began
    said = asking.end()
    # A connection that is refused after the end was not lost: nothing had been sent on it.
    lost = {k: n for k, n in said.items() if k not in (200, "ConnectionRefusedError")}
    print(f"end: status {status} {seconds:.2f} s after SIGTERM; answered {said.get(200)}, lost {lost or 0}")
    check("end", status == 0 and not lost)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("texts")
    parser.add_argument("--requests", type=int, default=1000000)
    parser.add_argument("--reloads", type=int, default=100)
    given = parser.parse_args()
    given.model, given.texts = os.path.abspath(given.model), os.path.abspath(given.texts)
    os.chdir(tempfile.mkdtemp())
    beside(given.model, given.texts)
    crowd(given.model)
    reloads(given.model, given.texts, given.reloads)
    end(given.model, given.texts)
    million(given.model, given.texts, given.requests)
    sys.exit(f"bad: {', '.join(bad)}" if bad else 0)


main()
