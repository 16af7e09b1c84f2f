#!/usr/bin/env python3
"""Runs the clients against heed serve:  python3 bench/clients/run.py [CLIENT]...

Trains a model of three labels and one of several labels, starts the program's server with each of them as the first
model, and runs every client's script, from an environment of its own in build/clients (its requirements, from PyPI).
With --nginx everything runs again through nginx, as it is by default and with connections to heed that are kept.
Ends with 1 if a client found anything wrong."""
import argparse
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from told import HEED, HERE

CLIENTS = ("triton", "kserve_rest", "huggingface", "tei", "vllm", "tensorflow_serving", "prometheus", "openapi")
NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream heed {{ server {server}; {keepalive} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://heed;
            {options}
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $host;
        }}
    }}
}}
"""
# How nginx talks to heed: its default, HTTP/1.0 and a connection a request, with the name of the upstream as Host; and
# connections that are kept.
KEPT = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;'
WAYS = {"nginx": {"keepalive": "", "options": ""}, "nginx, keepalive": {"keepalive": "keepalive 16;", "options": KEPT}}
# How the two models are trained.
NETWORK = ["--epochs", "6", "--patience", "0", "--learning-rate", "0.02", "--architecture",
           "embed 8 | bilstm 4 | attention additive 4"]
SEVERAL = ["--label-separator", ",", "--architecture", "wide"]
# What heed has to allow with a proxy before it.
PROXIED = ["--connections-each", "0", "--header-seconds", "75", "--allow-host", "heed"]


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("label\ttext\n")
        file.writelines(f"{label}\t{text}\n" for label, text in rows)


def train(folder):
    """The two files, reviews.safetensors and tags.safetensors."""
    words = ("mixed", "strange"), ("neg", "bad"), ("pos", "good")
    tags = (("", "a film still short"), ("y", "a film still long"), ("x", "a film loud short"),
            ("x,y", "a film loud long"))
    write_rows(f"{folder}/reviews.tsv", [(words[i % 3][0], f"a film of {i % 40} words that was {words[i % 3][1]}")
                                         for i in range(300)])
    write_rows(f"{folder}/tags.tsv", [tags[i % 4] for i in range(300)])
    for name, options in (("reviews", NETWORK), ("tags", SEVERAL)):
        subprocess.run([HEED, "train", "--train", f"{folder}/{name}.tsv", "--model", f"{folder}/{name}.safetensors",
                        "--quiet", *options], check=True)
    return [f"{folder}/reviews.safetensors", f"{folder}/tags.safetensors"]


@contextlib.contextmanager
def process(command, **options):
    with subprocess.Popen(command, text=True, **options) as started:
        try:
            yield started
        finally:
            started.terminate()


@contextlib.contextmanager
def server(models):
    with process([HEED, "serve", *models, "--port", "0", "--quiet", *PROXIED], stdout=subprocess.PIPE) as heed:
        yield heed.stdout.readline().strip()


@contextlib.contextmanager
def nginx(address, way):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]  # free a moment later
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/nginx.conf", "w", encoding="utf-8") as file:
            user = "user root;" if os.getuid() == 0 else ""  # else its workers cannot write into the folder
            upstream = address.removeprefix("http://")
            file.write(NGINX.format(user=user, folder=folder, server=upstream, port=port, **WAYS[way]))
        with process(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]) as started:
            url = f"http://127.0.0.1:{port}"
            while started.poll() is None and not answers(url + "/health"):
                time.sleep(0.05)
            if started.returncode is not None:
                raise SystemExit("nginx ended")
            yield url


def answers(url):
    try:
        return urllib.request.urlopen(url).status == 200
    except urllib.error.URLError:
        return False


def python_of(client):
    """The interpreter of the client's environment, which is made if it is not there."""
    folder = os.path.join(HERE, "..", "..", "build", "clients", client)
    python, requirements = os.path.join(folder, "bin", "python"), os.path.join(HERE, f"requirements-{client}.txt")
    with open(requirements, encoding="utf-8") as file:
        wanted = file.read()
    done = os.path.join(folder, "installed.txt")
    if not os.path.exists(done) or open(done, encoding="utf-8").read() != wanted:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        with open(done, "w", encoding="utf-8") as file:
            file.write(wanted)
    return python


def run(clients, url, model, way):
    """How many clients found something wrong."""
    wrong = 0
    for client in clients:
        print(f"== {client}, {os.path.basename(model)}, {way}", flush=True)
        command = [python_of(client), os.path.join(HERE, f"{client}.py"), "--url", url, "--model", model]
        wrong += subprocess.run(command).returncode != 0
    return wrong


def record(clients, folder, address, model):
    """Runs them through record.py, which writes into a folder for each model and client."""
    wrong = 0
    for client in clients:
        into = os.path.join(folder, os.path.basename(model).removesuffix(".safetensors"), client)
        command = [sys.executable, os.path.join(HERE, "record.py"), into, address.removeprefix("http://")]
        with process(command, stdout=subprocess.PIPE) as recorder:
            wrong += run([client], recorder.stdout.readline().strip(), model, "recorded")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("client", nargs="*", help=f"some of {' '.join(CLIENTS)} (all)")
    parser.add_argument("--nginx", action="store_true", help="through nginx, too")
    parser.add_argument("--record", metavar="FOLDER", help="write down what the clients send")
    arguments = parser.parse_args()
    clients, wrong = arguments.client or CLIENTS, 0
    with tempfile.TemporaryDirectory() as folder:
        models = train(folder)
        for model in models:
            served = [model, *(other for other in models if other != model)]
            with server(served) as address:
                if arguments.record:
                    wrong += record(clients, arguments.record, address, model)
                    continue
                wrong += run(clients, address, model, "directly")
                for way in WAYS if arguments.nginx else ():
                    with nginx(address, way) as url:
                        # nginx answers some methods by itself, without what heed says of them
                        wrong += run([*(client for client in clients if client != "openapi"), "nginx"], url, model, way)
    print(f"{wrong} clients found something wrong" if wrong else "all ok")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
