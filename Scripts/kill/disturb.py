"""What else may befall a run, each at a few steps of it: the next run must end as if nothing had happened."""

import os
import signal
import socket
import subprocess
import threading
import time

from trial import Difference, Outcome, trace

#: How many steps of a run are tried.
POINTS = 12


def spread(count):
    """Numbers from 1 to the count that lie evenly."""
    return sorted({1 + count * place // POINTS for place in range(POINTS)})


def points(scene):
    """Steps that lie evenly over a run."""
    return spread(len(scene.steps))


def stop(scene, number):
    """Ctrl-C or the service manager's stop: the run ends by itself, with 130, or with 0 if it was nearly over."""
    sent = signal.SIGTERM if number % 2 else signal.SIGINT
    with scene.world(f"stop-{number}") as place:
        scene.prepare(place)
        result = trace(place, scene.moment, "--kill", str(number), "--signal", str(int(sent)))
        outcome = _expect(result["exit"], (130, 0), result, f"{sent.name} at step {number}")
        scene.judge(place, outcome)
        return outcome


def full(scene, number):
    """From a step on there is no room on the disk: 74, or 73 if a file cannot be made."""
    with scene.world(f"full-{number}") as place:
        scene.prepare(place)
        result = trace(place, scene.moment, "--full", str(number))
        outcome = _expect(result["exit"], (74, 73, 0), result, f"no room from step {number} on")
        scene.judge(place, outcome)
        return outcome


def two(scene, number):
    """A second run finds the first one at work, which stands still meanwhile: 75, and the first one ends well."""
    with scene.world(f"two-{number}") as place:
        scene.prepare(place)
        first = subprocess.Popen(place.sync(scene.moment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(scene.duration * number / (POINTS + 1))
        first.send_signal(signal.SIGSTOP)
        code, said = place.let_run(scene.moment)
        first.send_signal(signal.SIGCONT)
        code_of_first = first.wait(300)
        if code_of_first != 0:
            raise Difference(f"the first of two runs ended with {code_of_first}")
        # The first may have been over already, or not have taken the lock yet.
        outcome = _expect(code, (75, 0), {"stderr": said}, "a second run")
        scene.judge(place, outcome)
        return outcome


def unplug(scene, number):
    """The platform can no longer be reached from a request on: 69."""
    with scene.world(f"unplug-{number}") as place:
        scene.prepare(place)
        with Plug(place, number) as plug:
            code, said = place.let_run(scene.moment)
            outcome = _expect(code, (69, 0), {"stderr": said}, f"unplugged at request {number}")
            scene.check_between(place.held())
            plug.put_back()
            scene.judge(place, outcome)
        return outcome


def _expect(code, allowed, result, what):
    if code not in allowed:
        raise Difference(f"{what}: ended with {code}, not {allowed[0]}: {result.get('stderr', '')}")
    outcome = Outcome(reached=code != 0, kills=0)
    outcome.place = what
    return outcome


class Plug:
    """Stands between the program and the platform, and can be pulled out.

    An even number of a request means that it still arrives and only the answer is lost.
    """

    def __init__(self, place, number):
        self.place, self.number, self.seen = place, number, 0
        self.port = int(place.url.rsplit(":", 1)[1])
        self.is_out = False
        self.open = []
        self.lock = threading.Lock()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self._address(self.port, self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _address(self, old, new):
        for name in ("leadgauge.yaml", "counting-config.yaml"):
            path = os.path.join(self.place.folder, name)
            with open(path) as file:
                text = file.read()
            with open(path, "w") as file:
                file.write(text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}"))

    def put_back(self):
        self.number = -1
        self.is_out = False

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_out:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.port))
            self.open += [client, server]
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source, target, is_request):
        try:
            while data := source.recv(1 << 16):
                if is_request and self._pulls(target, data):
                    return
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            end.close()

    def _pulls(self, target, data):
        with self.lock:
            self.seen += 1
            if self.seen != self.number:
                return False
            self.is_out = True
        if self.number % 2 == 0:
            target.sendall(data)
            time.sleep(0.05)
        for end in self.open:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        return True
