"""What only a proxy does: nginx in front of heed serve, by requests. run.py starts both."""
import concurrent.futures

import requests

from told import Calls

calls = Calls(__doc__)
told, url = calls.told, calls.url
path = f"{url}/v1/models/{calls.name}:predict"
session = requests.Session()
rows = [{"label": label, "scores": scores} for label, scores in zip(told.decided, told.scores)]


def pieces(body):
    """A body of unknown length: requests sends it in chunks, which heed itself refuses."""
    for at in range(0, len(body), 100):
        yield body[at:at + 100]


def chunked():
    body = requests.Request("POST", path, json={"instances": calls.texts}).prepare().body
    return session.post(path, data=pieces(body), headers={"Content-Type": "application/json"}).json()


def many(number):
    """So many clients at once, each with a connection of its own, ten requests each."""
    def one(_):
        with requests.Session() as kept:
            return [kept.post(path, json={"instances": calls.texts}).json() == {"predictions": rows} for _ in range(10)]

    with concurrent.futures.ThreadPoolExecutor(number) as pool:
        return sum(map(sum, pool.map(one, range(number))))


calls.check("a request", lambda: session.post(path, json={"instances": calls.texts}).json(), {"predictions": rows})
calls.check("a chunked body", chunked, {"predictions": rows})
calls.check("a body that nginx keeps in a file",
            lambda: len(session.post(path, json={"instances": ["film " * 1000] * 100}).json()["predictions"]), 100)
calls.check("an answer of many buffers", lambda: session.post(path, json={"instances": calls.texts * 250}).json(),
            {"predictions": rows * 250})
calls.check("many connections", lambda: many(32), 320)
calls.check("the page", lambda: session.get(url + "/", headers={"Accept": "text/html"}).headers["Content-Type"],
            "text/html; charset=utf-8")
calls.check("HEAD", lambda: [session.head(url + "/v2").status_code, session.head(url + "/v2").text], [200, ""])
calls.check("404", lambda: session.get(url + "/v2/models/nothing").status_code, 404)
calls.check("405", lambda: [session.delete(url + "/v2").status_code,
                            session.delete(url + "/v2").headers["Allow"]], [405, "GET"])
calls.check("415", lambda: session.post(path, data=b"a", headers={"Content-Type": "text/plain"}).status_code, 415)
calls.check("not JSON", lambda: session.post(path, data=b"{", headers={"Content-Type": "application/json"}).status_code,
            400)
calls.end()
