"""One trial: a sync that is killed, the next one that is let end, and what must be the same as without the kill."""

import json
import os
import random
import subprocess
import sys
import time

import state
import world
import writes

HERE = os.path.dirname(os.path.abspath(__file__))


class Difference(Exception):
    """Something is not as it would be without the kill."""


class Settings:
    """What all trials of a run have in common."""

    def __init__(self, program, day, seed, folder):
        self.program, self.seed, self.folder = program, seed, folder
        self.moments = world.Moments(day)


class End:
    """Everything that is compared, once a sync was let end."""

    def __init__(self, place, scene):
        self.litter = place.litter()
        self.held = place.held()
        self.tables = state.read(
            os.path.join(place.folder, "state", "leadgauge.db"), stores_zero=place.platform != "mautic",
            knows_times=scene == "first")
        requests = place.requests()
        self.values = writes.written(place.platform, requests)
        self.tasks = writes.tasks(requests)
        self.posts = list(place.receiver.posts)
        self.activities = place.count_activities(with_times=scene == "first")


class Scene:
    """A world at the moment before the sync that may be killed.

    `first` is the first sync of all; `later` comes after people did something, much time has passed and somebody
    else has set tags.
    """

    def __init__(self, settings, platform, scene, people):
        self.settings, self.platform, self.scene, self.people = settings, platform, scene, people
        self.moment = settings.moments.first if scene == "first" else settings.moments.later
        self.name = f"{platform}, {scene}"
        self.twin = self.steps = None
        self.duration = 0.0

    def world(self, name):
        folder = os.path.join(self.settings.folder, f"{self.platform}-{self.scene}-{name}")
        return world.World(self.settings, self.platform, folder, self.people)

    def prepare(self, place):
        """Brings a fresh world to the moment; what it holds then."""
        if self.scene == "first":
            place.record()
        else:
            _expect_done(*place.let_run(self.settings.moments.earlier))
            place.move_on()
            place.receiver.posts.clear()
        return place.held()

    def run_twin(self, with_steps):
        """The sync that nobody kills: its end is what all others are measured by."""
        with self.world("twin") as place:
            self.start = self.prepare(place)
            if with_steps:
                path = os.path.join(self.settings.folder, f"{self.platform}-{self.scene}.steps")
                begun = time.monotonic()
                result = trace(place, self.moment, "--steps", path)
                self.duration = time.monotonic() - begun
                _expect_done(result["exit"], result["stderr"])
                with open(path) as file:
                    self.steps = file.read().splitlines()
            else:
                begun = time.monotonic()
                _expect_done(*place.let_run(self.moment))
                self.duration = time.monotonic() - begun
            self.twin = End(place, self.scene)
        problem = state.left_open(self.twin.tables) or writes.twice(self.twin.values)
        if problem:
            raise Difference(f"without any kill: {problem}")
        if self.twin.litter:
            raise Difference(f"without any kill: files were left: {self.twin.litter}")
        if not self.twin.posts:
            raise Difference("without any kill: nobody was told of anybody, so that nothing is tried of handoffs")
        if self.platform in world.WITH_TASKS and not self.twin.tasks:
            raise Difference("without any kill: no task was made, so that nothing is tried of tasks")

    # The trials.

    def kill_at_step(self, number):
        with self.world(f"step-{number}") as place:
            self.prepare(place)
            result = trace(place, self.moment, "--kill", str(number))
            outcome = Outcome(reached=result["signal"] == 9, kills=1 if result["signal"] == 9 else 0)
            outcome.place = result["last"]
            if not outcome.reached:
                _expect_done(result["exit"], result["stderr"])
            self.judge(place, outcome)
            return outcome

    def kill_at_random(self, number, moments=None):
        """Kills a run at a random moment, one time in two the one after it as well, and so on."""
        chance = random.Random(f"{self.platform} {self.scene} {self.settings.seed} {number}")
        if moments is None:
            moments = [chance.uniform(0, self.duration)]
            while chance.random() < 0.5 and len(moments) < 6:
                moments.append(chance.uniform(0, self.duration))
        with self.world(f"random-{number}") as place:
            self.prepare(place)
            outcome = Outcome(reached=False, kills=0)
            outcome.place = "after " + ", ".join(f"{moment:.3f}" for moment in moments) + " s"
            for moment in moments:
                if self._run_for(place, moment):
                    outcome.reached = True
                    outcome.kills += 1
            try:
                self.judge(place, outcome)
            except Difference as difference:
                difference.moments = moments
                raise
            return outcome

    def _run_for(self, place, seconds):
        run = subprocess.Popen(
            place.sync(self.moment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            return True

    # The judgement.

    def judge(self, place, outcome):
        """Lets the next sync end and compares."""
        self.check_between(place.held())
        _expect_done(*place.let_run(self.moment))
        self.check_end(End(place, self.scene), outcome)

    def check_between(self, held):
        """Right after a kill each value is the one from before or the one of the end, and no other."""
        for contact in sorted(self.start.keys() | held.keys()):
            before, now, end = (part.get(contact, {}) for part in (self.start, held, self.twin.held))
            for key, value in now.items():
                if key == "tags":
                    old, new = before.get(key, frozenset()), end.get(key, frozenset())
                    fine = old & new <= value <= old | new
                else:
                    fine = value in (before.get(key, ""), end.get(key, ""))
                if not fine:
                    raise Difference(
                        f"after the kill contact {contact} holds {key} = {_show(value)}, which is neither "
                        f"{_show(before.get(key))} as before nor {_show(end.get(key))} as at the end")

    def check_end(self, end, outcome):
        twin = self.twin
        for contact in sorted(twin.held.keys() | end.held.keys()):
            mine, other = end.held.get(contact), twin.held.get(contact)
            if mine != other:
                raise Difference(f"contact {contact} holds {_show(mine)} in the end, not {_show(other)}")
        problem = state.left_open(end.tables) or writes.twice(end.values)
        if problem:
            raise Difference(problem)
        for name in twin.tables:
            _compare(name, end.tables[name], twin.tables[name])
        _compare("activities", end.activities, twin.activities)
        if set(end.values) != set(twin.values):
            odd = sorted(set(end.values) ^ set(twin.values))[0]
            raise Difference(f"what was written is not the same: {odd}")
        # What a task says bears the key of the run that made it; one person gets one task.
        made = {}
        for who, said in end.tasks:
            if who in made:
                raise Difference(f"contact {who} has two tasks: {made[who]!r} and {said!r}")
            made[who] = said
        _compare("contacts with tasks", *[sorted(who for who, _ in part.tasks) for part in (end, twin)])
        self.check_posts(end.posts, outcome)
        outcome.again = len(end.values) - len(set(end.values))
        outcome.litter = end.litter

    def check_posts(self, posts, outcome):
        """Everybody is told of at least once, each time by the same key and in the same words."""
        keys = {}
        for key, body in posts:
            if keys.setdefault(_who(body), (key, body)) != (key, body):
                raise Difference(f"{_who(body)} was told of by {keys[_who(body)]} and by {(key, body)}")
        wanted = {_who(body) for _, body in self.twin.posts}
        if keys.keys() != wanted:
            raise Difference(f"not the same people were told of: {sorted(keys.keys() ^ wanted)}")
        outcome.told_again = len(posts) - len(keys)


class Outcome:
    """What a trial came to that went well."""

    def __init__(self, reached, kills):
        #: Whether a run was killed at all; it may have been over before.
        self.reached = reached
        self.kills = kills
        #: Values that were written once more, the same ones, and handoffs that were told once more.
        self.again = self.told_again = 0
        #: Files that are no use to anybody.
        self.litter = []
        self.place = ""


def trace(place, moment, *options):
    command = [sys.executable, os.path.join(HERE, "tracer.py"), *options, "--", *place.sync(moment)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1]) | {"stderr": done.stderr.strip()}


def _expect_done(code, said):
    if code != 0:
        raise Difference(f"a sync that nobody killed ended with {code}: {said}")


def _compare(name, mine, other):
    if mine != other:
        missing, added = sorted(set(other) - set(mine))[:2], sorted(set(mine) - set(other))[:2]
        raise Difference(f"{name}: {len(mine)} rows, not {len(other)}; not there: {missing}; instead: {added}")


def _who(body):
    """Of whom a handoff tells, and which band it is."""
    told = json.loads(body)
    contacts = sorted(f"{contact['connection']}/{contact['id']}" for contact in told["contacts"])
    return f"{'+'.join(contacts)} {told['band']}"


def _show(value):
    return sorted(value) if isinstance(value, frozenset) else value
