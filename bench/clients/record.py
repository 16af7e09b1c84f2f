"""Writes down what a client sends:  python3 bench/clients/record.py FOLDER HOST:PORT [--port PORT]

Listens, passes every request on to the server at HOST:PORT, and its answer back; both go into FOLDER as 001.request and
001.answer, byte for byte. Prints the address to give to the client, and a line for each request."""
import argparse
import os
import socket
import threading


def head_of(data):
    """The headers of a request or answer, names in small letters, and where its body begins; None if they are not all
    there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = data[:end].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:])
    return lines[0], {name.strip().lower(): value.strip() for name, _, value in pairs}, end + 4


def chunked_size(data, at):
    """Where a chunked body ends; None if it is not all there. (Trailers are none that these clients send.)"""
    while True:
        line = data.find(b"\r\n", at)
        if line < 0:
            return None
        size = int(data[at:line].split(b";")[0], 16)
        at = line + 2 + size + 2
        if at > len(data):
            return None
        if size == 0:
            return at


def message_size(data, is_answer_to_head=False):
    """How many of these bytes are the first message; None if it is not all there."""
    head = head_of(data)
    if head is None:
        return None
    _, headers, body = head
    if is_answer_to_head:
        return body
    if "chunked" in headers.get("transfer-encoding", ""):
        return chunked_size(data, body)
    whole = body + int(headers.get("content-length", 0))
    return whole if len(data) >= whole else None


class Side:
    """One of the two connections."""

    def __init__(self, connection):
        self.connection, self.held = connection, b""

    def take(self, is_answer_to_head=False):
        """The next message; None at the end."""
        while (size := message_size(self.held, is_answer_to_head)) is None:
            piece = self.connection.recv(65536)
            if not piece:
                return None
            self.held += piece
        message, self.held = self.held[:size], self.held[size:]
        return message


class Recorder:
    def __init__(self, folder, server, port=0):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.server, self.count, self.lock = folder, server, 0, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def write(self, request, answer):
        with self.lock:
            self.count += 1
            for kind, data in (("request", request), ("answer", answer)):
                with open(os.path.join(self.folder, f"{self.count:03d}.{kind}"), "wb") as file:
                    file.write(data)
            print(f"{self.count:03d} {head_of(request)[0]} -> {head_of(answer)[0]}", flush=True)

    def pass_on(self, connection):
        try:
            self.requests(connection)
        except ConnectionError as error:
            print(f"a connection ended: {error}", flush=True)

    def requests(self, connection):
        with connection, socket.create_connection(self.server) as upstream:
            client, server = Side(connection), Side(upstream)
            while (request := client.take()) is not None:
                upstream.sendall(request)
                answer = server.take(request.startswith(b"HEAD "))
                if answer is None:
                    return
                self.write(request, answer)
                connection.sendall(answer)

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.pass_on, args=(connection,), daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("server", metavar="HOST:PORT")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    host, _, port = arguments.server.rpartition(":")
    recorder = Recorder(arguments.folder, (host, int(port)), arguments.port)
    print(recorder.url, flush=True)
    recorder.run()


if __name__ == "__main__":
    main()
