"""What the tests of heed serve share: a server to start and ask, sockets to send it anything."""
import http.client
import json
import os
import signal
import socket
import subprocess
import time

HEED = os.environ["HEED"]


class Server:
    """heed serve on a free port, ended with the block."""

    def __init__(self, *arguments, quiet=True, env=None):
        self.log = open("serve.log", "a+", encoding="utf-8")
        options = ["--quiet"] if quiet else []
        self.process = subprocess.Popen([HEED, "serve", *arguments, "--port", "0", *options], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True, env={**os.environ, **(env or {})})
        line = self.process.stdout.readline()
        if not line.startswith("http://127.0.0.1:"):
            self.log.seek(0)
            raise SystemExit(f"no address of a server: {line!r} {self.log.read()}")
        self.address = ("127.0.0.1", int(line.rsplit(":", 1)[1]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()

    def tell(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        self.tell(number)
        status = self.process.wait(30)
        assert status == 0, f"status {status} after a signal"

    def connect(self, seconds=10):
        return socket.create_connection(self.address, seconds)

    def ask(self, method, path, body=None, headers=None, connection=None):
        """Status, headers and body of one answer; body: bytes, or anything for JSON."""
        own = connection is None
        connection = connection or http.client.HTTPConnection(*self.address, timeout=30)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data, {"Content-Type": "application/json"} if headers is None else headers)
        answer = connection.getresponse()
        text = answer.read()
        if own:
            connection.close()
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return answer.status, answer.headers, json.loads(text) if is_json and text else text.decode()

    def metric(self, name):
        """The value of a line of /metrics, 0 where there is none."""
        for line in self.ask("GET", "/metrics")[2].splitlines():
            if line.rsplit(" ", 1)[0] == name:
                return float(line.rsplit(" ", 1)[1])
        return 0

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def read_all(connection, seconds=10):
    """All that comes until the other side closes; None where it does not within so many seconds."""
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


def wait_for(what, seconds=10):
    """Whether what() came true in time; a connection that is closed as one too many is a "not yet"."""
    def is_true():
        try:
            return what()
        except (ConnectionError, http.client.BadStatusLine):
            return False
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
