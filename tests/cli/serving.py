"""What the tests of heed serve share: a server to start and ask, sockets to send it anything."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time

HEED = os.environ["HEED"]
# Seconds after which something will not happen any more, however busy the machine is. Nothing else may depend on time.
PATIENCE = 120


class NotYet(ConnectionError):
    """The server has no room for the connection."""


class Server:
    """heed serve on a free port, ended with the block."""

    def __init__(self, *arguments, quiet=True, env=None):
        self.log = open("serve.log", "a+", encoding="utf-8")
        options = ["--quiet"] if quiet else []
        self.process = subprocess.Popen([HEED, "serve", *arguments, "--port", "0", *options], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True, env={**os.environ, **(env or {})})
        line = self.process.stdout.readline()
        if not line.startswith("http://127.0.0."):
            self.log.seek(0)
            raise SystemExit(f"no address of a server: {line!r} {self.log.read()}")
        self.address = (line.split("//")[1].rsplit(":", 1)[0], int(line.rsplit(":", 1)[1]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()

    def tell(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        self.tell(number)
        status = self.process.wait(PATIENCE)
        assert status == 0, f"status {status} after a signal"

    def connect(self, seconds=PATIENCE):
        return socket.create_connection(self.address, seconds)

    def keep(self):
        """A connection for several requests."""
        return http.client.HTTPConnection(*self.address, timeout=PATIENCE)

    def ask(self, method, path, body=None, headers=None, connection=None):
        """Status, headers and body of one answer; body: bytes, or anything for JSON."""
        own = connection is None
        connection = connection or self.keep()
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            connection.request(method, path, data, {"Content-Type": "application/json"} if headers is None else headers)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent: the answer may be there
        answer = connection.getresponse()
        text = answer.read()
        if own:
            connection.close()
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return answer.status, answer.headers, json.loads(text) if is_json and text else text.decode()

    def metric(self, name, connection=None):
        """The value of a line of /metrics, 0 if there is none."""
        status, _, lines = self.ask("GET", "/metrics", connection=connection)
        if status == 503:
            raise NotYet(lines)
        for line in lines.splitlines():
            if line.rsplit(" ", 1)[0] == name:
                return float(line.rsplit(" ", 1)[1])
        return 0

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def read_all(connection, seconds=PATIENCE):
    """All that comes until the other side closes; None if it does not within so many seconds."""
    connection.settimeout(seconds)
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    except TimeoutError:
        return None
    return data


def wait_for(what, seconds=PATIENCE):
    """Whether what() came true in time. A connection that is closed or reset, or that has no room yet, is "not yet"."""
    until = time.monotonic() + seconds
    while True:
        try:
            if what():
                return True
        except (ConnectionError, http.client.BadStatusLine):
            pass
        if time.monotonic() > until:
            return False
        time.sleep(0.02)


def unescape(text):
    """The bytes of a piece of a case file."""
    letters = {"n": b"\n", "r": b"\r", "t": b"\t", "0": b"\0", "\\": b"\\"}
    return b"".join(letters[escape[1]] if escape[:1] == "\\" and escape[1] in letters
                    else bytes.fromhex(escape[2:]) if escape[:1] == "\\" else escape.encode()
                    for escape in re.findall(r"\\x..|\\.|[^\\]+", text))


def refused_heads(path):
    """Name, bytes and status of each head in a file such as tests/cases/http/heads.txt that has to be refused."""
    heads = []
    with open(path, encoding="utf-8") as file:
        for case in file.read().split("\n\n"):
            name, head = "", b""
            for line in case.splitlines():
                key, _, value = line.partition(": ") if ": " in line else (line.rstrip(":"), "", "")
                if key == "name":
                    name = value
                elif key == "line":
                    head += unescape(value) + b"\r\n"
                elif key == "bytes":
                    head += unescape(value)
                elif key == "repeat":
                    count, _, piece = value.partition(" ")
                    head += int(count) * unescape(piece)
                elif key == "refused":
                    heads.append((name, head + b"\r\n", int(value.split()[0])))
    return heads
