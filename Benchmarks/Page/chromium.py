"""Headless Chromium over the DevTools protocol, through a pipe; needs nothing but Python and Debian's chromium."""
import base64
import fcntl
import json
import os
import subprocess
import tempfile


class Chromium:
    """One tab, with the errors of all pages in `events`."""

    def __init__(self):
        read, self.to = os.pipe()
        self.back, write = os.pipe()

        def place():
            # Chromium reads descriptor 3 and writes descriptor 4; neither may be lost on the way there.
            high = [fcntl.fcntl(each, fcntl.F_DUPFD, 50) for each in (read, write)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.profile = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--remote-debugging-pipe", "--user-data-dir=" + self.profile.name, "about:blank"],
            close_fds=False, preexec_fn=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def _message(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.back, 1 << 20)
            if not piece:
                raise SystemExit("Chromium ended")
            self.buffer += piece
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        ask = {"id": self.number, "method": method, "params": params}
        if self.session:
            ask["sessionId"] = self.session
        data = json.dumps(ask).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        while True:
            got = self._message()
            if got.get("id") == self.number:
                if "error" in got:
                    raise SystemExit(f"{method}: {got['error']}")
                return got["result"]
            self.events.append(got)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not any(each.get("method") == "Page.loadEventFired" for each in self.events):
            self.events.append(self._message())

    def run(self, script):
        got = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise SystemExit(json.dumps(got["exceptionDetails"])[:800])
        return got["result"].get("value")

    def look(self, width, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                  mobile=width < 600)
        theme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def picture(self, path, top, width, height):
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def errors(self):
        return [each for each in self.events if each["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]

    def close(self):
        try:
            self.call("Browser.close")
        except (SystemExit, OSError):
            pass
        self.process.wait(20)
