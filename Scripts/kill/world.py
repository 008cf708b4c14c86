"""A small world to kill runs in: a stand-in of a platform or files, a configuration, a receiver of handoffs."""

import base64
import csv
import datetime
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request

import marks

PLATFORMS = ["files", "mautic", "hubspot", "getresponse", "bitrix24"]
#: Those that take tasks.
WITH_TASKS = ["hubspot", "bitrix24"]

#: What is compared beside the tags; a platform has some of these fields, the others are empty. Those that are not
#: ours are there to see that they stay as they are.
OURS = ["lead_score", "lead_band", "lead_reasons", "native"]
FIELDS = OURS + [
    "firstname", "first_name", "NAME", "lastname", "last_name", "LAST_NAME", "email", "EMAIL", "phone", "PHONE",
    "company", "jobtitle", "job_title", "POST", "points",
]


class Moments:
    """All times of a trial, from the day on which it is made: no rule's limit lies near any of them."""

    def __init__(self, day):
        midnight = datetime.datetime.fromisoformat(day)
        self.world = self._text(midnight - datetime.timedelta(days=1))
        self.first = self._text(midnight - datetime.timedelta(hours=23))
        # A first sync that another one follows is made for an earlier moment, so that much happens in between.
        self.earlier = self._text(midnight - datetime.timedelta(days=60))
        self.later = self._text(midnight + datetime.timedelta(hours=36))
        self.check = self._text(midnight + datetime.timedelta(hours=48))

    @staticmethod
    def _text(moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Receiver:
    """A webhook: keeps what it is told, and answers 200."""

    def __init__(self):
        self.posts = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.posts.append((self.headers.get("Idempotency-Key"), body.decode()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def handle(self):
                try:
                    super().handle()
                except ConnectionError:
                    pass  # whoever was talking has been killed

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class World:
    """People on one platform; `with World(…) as world:` puts everything up and takes it down."""

    def __init__(self, settings, platform, folder, people):
        self.settings, self.platform, self.folder, self.people = settings, platform, folder, people
        self.program, self.moments = settings.program, settings.moments
        self.config = os.path.join(folder, "leadgauge.yaml")
        self.server = self.receiver = self.url = None

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        if self.platform == "files":
            self._run(self._sandbox())
        else:
            self._serve()
        self.receiver = Receiver()
        self._configure()
        return self

    def __exit__(self, *_):
        if self.server:
            self.server.kill()
            self.server.wait()
        self.receiver.close()

    def _sandbox(self, *more):
        return [
            self.program, "sandbox", "--contacts", str(self.people), "--directory", self.folder,
            "--seed", str(self.settings.seed), "--as-of", self.moments.world, *more,
        ]

    def _serve(self):
        log = os.path.join(self.folder, "sandbox.json")
        with open(log, "w") as out:
            self.server = subprocess.Popen(
                self._sandbox("--platform", self.platform, "--single", "--port", "0", "--json"), stdout=out)
        deadline = time.monotonic() + 60
        while True:
            with open(log) as file:
                text = file.read()
            if text.endswith("\n"):
                break
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the stand-in of {self.platform} does not begin")
            time.sleep(0.005)
        self.url = json.loads(text)["url"]
        os.unlink(log)

    def _run(self, arguments):
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)

    def _configure(self):
        task = ", task: true" if self.platform in WITH_TASKS else ""
        with open(self.config, "a") as file:
            file.write(f"notify:\n  handoff: {{ webhook: {self.receiver.url}, first: true{task} }}\n")
        # More people are hot, so that there are handoffs.
        model = os.path.join(self.folder, "model.yaml")
        with open(model) as file:
            text = file.read()
        for usual, lower in _LOWER_BANDS.items():
            assert usual in text, f"the sandbox's model has no band '{usual}'"
            text = text.replace(usual, lower)
        with open(model, "w") as file:
            file.write(text)
        with open(os.path.join(self.folder, "counting.yaml"), "w") as file:
            file.write(COUNTING_MODEL)
        with open(self.config) as file:
            text = file.read().replace("model: model.yaml", "model: counting.yaml")
        with open(os.path.join(self.folder, "counting-config.yaml"), "w") as file:
            file.write(text)

    # What the program does.

    def sync(self, moment):
        return [self.program, "sync", "--quiet", "--config", self.config, "--as-of", moment]

    def let_run(self, moment):
        """Runs a sync to its end; its exit status, and what it had to say."""
        done = subprocess.run(self.sync(moment), capture_output=True, text=True, timeout=300)
        return done.returncode, done.stderr.strip()

    def count_activities(self, with_times):
        """By contact: how many activities the state has, when the last one was, how many different targets."""
        def told(reason):
            return {key: value for key, value in reason.items() if with_times or key != "last"}

        plan = os.path.join(self.folder, "counting.plan")
        self._run([
            self.program, "plan", "--quiet", "--no-pull", "--config",
            os.path.join(self.folder, "counting-config.yaml"), "--as-of", self.moments.check, "-o", plan])
        with open(plan) as file:
            changes = [json.loads(line) for line in file]
        os.unlink(plan)
        return sorted(
            f"{change['connection']}/{change['contact']} {json.dumps([told(one) for one in change['reasons']])}"
            for change in changes if change["type"] == "change")

    # What others do.

    def move_on(self):
        """What happens between two runs: people do something, and somebody else sets marks."""
        if self.platform == "files":
            for batch in range(1, 6):
                self._run(self._sandbox("--append", str(batch)))
        else:
            for batch in range(1, 6):
                self.ask("POST", f"/_sandbox/append?batch={batch}")
        marks.set_foreign(self)
        # Half of the people move to another band by age alone: that is no accident.
        with open(self.config) as file:
            text = file.read()
        with open(self.config, "w") as file:
            file.write(text.replace("maxChanges: 25%", "maxChanges: 100%"))
        self.record()

    def record(self):
        if self.url:
            self.ask("POST", "/_sandbox/record")

    # What can be seen.

    def ask(self, method, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers or {})
        if data:
            request.add_header("Content-Type", "application/json")
        for tries in range(60, -1, -1):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as refusal:
                # The run before has used up what the platform allows in a while.
                if refusal.code not in (429, 503) or not tries:
                    raise
            time.sleep(0.25)

    def requests(self):
        """The changing requests since `record` that the platform carried out, as (method, path, body)."""
        if not self.url:
            return []
        lines = self.ask("GET", "/_sandbox/record").splitlines()
        parts = [json.loads(line) for line in lines]
        return [
            (part["method"], part["path"], base64.b64decode(part["body"]).decode())
            for part in parts if 200 <= part.get("status", 0) < 300]

    def held(self):
        """By contact: what the platform holds, `tags` as a set."""
        held = {}
        if self.platform == "files":
            for name in ("web", "shop"):
                path = os.path.join(self.folder, f"{name}-scores.csv")
                if not os.path.exists(path):
                    continue
                with open(path, newline="") as file:
                    for row in csv.DictReader(file):
                        row.pop("updated_at")
                        row["tags"] = frozenset(filter(None, row["tags"].split(";")))
                        held[f"{name}/{row.pop('id')}"] = row
            return held
        text = self.ask("GET", "/_sandbox/held.csv?fields=" + ",".join(FIELDS))
        for row in csv.DictReader(text.splitlines()):
            row["tags"] = frozenset(row["tags"].split())
            held[row.pop("id")] = row
        return held

    def litter(self):
        """The files that are no use to anybody once a run has ended; of a name made at random its beginning."""
        names = []
        for _, _, files in os.walk(self.folder):
            for name in files:
                if re.search(r"nosync|\.part|\.te?mp|\.plan|-wal$|-shm$|-journal$|~$", name):
                    names.append(re.sub(r"nosync.*", "nosync", name))
        return sorted(names)


_LOWER_BANDS = {
    "from: 55, tag: lead_hot, requires: { actions: 30 }": "from: 12, tag: lead_hot",
    "from: 16, tag: lead_warm": "from: 6, tag: lead_warm",
}

COUNTING_MODEL = """\
name: Counts what is there
score: { min: 0 }
robots: count
actions:
  - id: did
    label: Did something
    on: any
    points: 1
  - id: had-done
    label: Had something done
    # No tasks: those that the killed run made are read by the one that was let end.
    on: [email_sent, email_bounce, note, deal_created, deal_lost]
    points: 1
  - id: targets
    label: Different targets
    on: any
    distinct: target
    atLeast: 1
    points: 1
bands:
  - { name: all, from: 0 }
"""
