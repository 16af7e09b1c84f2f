"""A page in headless Chromium, driven by the DevTools protocol over a pipe (--remote-debugging-pipe): messages are JSON, each
ended by a NUL."""
import base64
import fcntl
import json
import os
import select
import signal
import subprocess
import time

# Seconds after which something will not happen any more, however busy the machine is.
PATIENCE = 120

# WCAG 2.1's contrast of the text of an element with what is behind it: backgrounds of its ancestors are laid over each other.
CONTRAST = """
function rgba(colour) {
    const n = colour.match(/[\\d.]+/g).map(Number);
    return [...n.slice(0, 3), n.length > 3 ? n[3] : 1];
}
function over(top, below) {
    return [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
}
function luminance(colour) {
    const [r, g, b] = colour.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(element) {
    const layers = [];
    for (let e = element; e; e = e.parentElement)
        layers.push(rgba(getComputedStyle(e).backgroundColor));
    const paper = layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
    const ink = over(rgba(getComputedStyle(element).color), paper);
    const [high, low] = [luminance(paper), luminance(ink)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
}
"""


def high_pipe():
    """A pipe whose ends are no numbers that the child needs."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Browser:
    """A window, ended with the block. Exceptions of pages and errors in the console are kept in `said`."""

    def __init__(self, folder):
        to_read, self.to = high_pipe()
        self.back, back_write = high_pipe()
        self.log = open(os.path.join(folder, "chromium.log"), "wb")
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", f"--user-data-dir={folder}/profile", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
            preexec_fn=lambda: (os.dup2(to_read, 3), os.dup2(back_write, 4)), close_fds=False)
        os.close(to_read)
        os.close(back_write)
        self.number, self.pending, self.session, self.said = 0, b"", None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Log":
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.to)
        os.close(self.back)
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.log.close()

    def message(self, deadline):
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.back], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.back, 1 << 16) if ready else b""
            if not piece:
                raise SystemExit("chromium said nothing: " + open(self.log.name, errors="replace").read()[-800:])
            self.pending += piece
        one, _, self.pending = self.pending.partition(b"\0")
        return json.loads(one)

    def call(self, method, **parameters):
        self.number += 1
        sent = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            sent["sessionId"] = self.session
        data = json.dumps(sent).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self.message(deadline)
            if message.get("method") == "Runtime.exceptionThrown":
                details = message["params"]["exceptionDetails"]
                self.said.append(details.get("exception", {}).get("description", details["text"]))
            if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["source"] != "network":
                self.said.append(message["params"]["entry"]["text"])
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]

    def value(self, script):
        """The value of an expression of JavaScript in the page, promises awaited."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, script):
        """Waits until an expression is true, and returns its value."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self.value(script)):
            if time.monotonic() > deadline:
                raise SystemExit(f"never true: {script}; the page: {self.value('document.body.innerText')}; {self.said}")
            time.sleep(0.02)
        return found

    def window(self, width, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait(f"document.readyState === 'complete' && location.href.startsWith({json.dumps(url)})")

    def press(self, key, code, modifiers=0, text=None):
        """Modifiers: 2 Ctrl, 4 Meta."""
        shared = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **shared, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **shared)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))
