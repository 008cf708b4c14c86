#!/usr/bin/env python3
"""Kills the program at every step and at random moments, for each connector, and compares how it ends.

A trial lays down a world of generated people, kills a sync, lets the next one end, and compares all of it with a
sync that nobody killed: what the platform holds, what was written there, what the state file says, which activities
it knows, and whom the handoffs told of. Ends with 1 at the first difference and says how to repeat that one trial.
"""

import argparse
import concurrent.futures
import datetime
import os
import shutil
import signal
import sys
import time

import disturb
import world
from trial import Difference, Scene, Settings

#: How many people are in the worlds in which every step is killed, and in those of random moments: so many that a
#: run writes and tells somebody, and as many as a run of one to five seconds deals with.
PEOPLE = {"files": 24, "mautic": 24, "hubspot": 24, "getresponse": 24, "bitrix24": 40}
MANY = {"files": 600, "mautic": 400, "hubspot": 100, "getresponse": 60, "bitrix24": 150}

DISTURBANCES = [disturb.stop, disturb.full, disturb.two, disturb.unplug]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/leadgauge")
    parser.add_argument("--platform", action="append", choices=world.PLATFORMS, help="only this one; repeatable")
    parser.add_argument("--scene", action="append", choices=["first", "later"], help="only this one; repeatable")
    parser.add_argument("--kills", type=int, default=200, help="how many trials at random moments a platform")
    parser.add_argument("--every", type=int, default=1, help="kill at every so many steps only; 0 for at none")
    parser.add_argument("--step", type=int, help="this step alone")
    parser.add_argument("--random", type=int, help="this random trial alone")
    parser.add_argument("--after", help="with --random: the moments themselves, in seconds, with commas between")
    parser.add_argument(
        "--disturb", default="all", choices=["all", ""] + [trial.__name__ for trial in DISTURBANCES],
        help="what else befalls runs; empty for nothing")
    parser.add_argument("--point", type=int, help="with --disturb: at this step or request alone")
    parser.add_argument("--people", type=int, help="in the worlds in which every step is killed")
    parser.add_argument("--many", type=int, help="people in the worlds of random moments")
    parser.add_argument("--day", default=datetime.date.today().isoformat(), help="which day it is in the worlds")
    parser.add_argument("--seed", type=int, default=7, help="of the people and of the random moments")
    parser.add_argument("--jobs", type=int, default=2 * os.cpu_count(), help="how many trials at once")
    parser.add_argument("--folder", default="/tmp/leadgauge-kills", help="for the worlds; made anew")
    parser.add_argument("--keep", action="store_true", help="leave the worlds there")
    return parser.parse_args()


class Tally:
    """What the trials of one kind came to."""

    def __init__(self):
        self.trials = self.unreached = self.kills = self.again = self.told_again = 0
        self.litter = {}
        self.seconds = 0.0

    def add(self, outcome):
        self.trials += 1
        self.unreached += not outcome.reached
        self.kills += outcome.kills
        self.again += outcome.again
        self.told_again += outcome.told_again
        for name in outcome.litter:
            self.litter[name] = self.litter.get(name, 0) + 1


class Kills:
    def __init__(self, options):
        self.options = options
        self.settings = Settings(
            os.path.abspath(options.program), options.day, options.seed, os.path.abspath(options.folder))
        self.rows = []

    def run(self):
        shutil.rmtree(self.settings.folder, ignore_errors=True)
        os.makedirs(self.settings.folder)
        print(f"{'platform':12} {'scene':6} {'what':12} {'of':>6} {'trials':>6} {'struck':>6} {'kills':>6} "
              f"{'again':>6} {'told':>5} {'left':>5} {'time':>7}  outcome", flush=True)
        for platform in self.options.platform or world.PLATFORMS:
            for scene in self.options.scene or ["first", "later"]:
                if self.options.random is None and self.options.every:
                    self.at_steps(platform, scene)
                if self.options.step is None and self.options.kills:
                    self.at_random(platform, scene)
            if self.options.step is None and self.options.random is None and self.options.disturb:
                self.disturbed(platform)
        if not self.options.keep:
            shutil.rmtree(self.settings.folder, ignore_errors=True)

    def disturbed(self, platform):
        place = self.scene(platform, "later", self.options.people or PEOPLE[platform], with_steps=True)
        requests = [step for step in place.steps if step.startswith("send")]
        for trial in DISTURBANCES:
            if self.options.disturb not in ("all", trial.__name__) or platform == "files" and trial is disturb.unplug:
                continue
            numbers = disturb.points(place)
            if trial is disturb.two:
                numbers = range(1, disturb.POINTS + 1)
            elif trial is disturb.unplug:
                numbers = disturb.spread(len(requests))
            if self.options.point is not None:
                numbers = [self.options.point]
            self.all(place, trial.__name__, numbers, lambda number, trial=trial: trial(place, number), len(place.steps))

    def at_steps(self, platform, scene):
        place = self.scene(platform, scene, self.options.people or PEOPLE[platform], with_steps=True)
        numbers = range(1, len(place.steps) + 1, self.options.every)
        if self.options.step is not None:
            numbers = [self.options.step]
        self.all(place, "steps", numbers, place.kill_at_step, len(place.steps))

    def at_random(self, platform, scene):
        place = self.scene(platform, scene, self.options.many or MANY[platform], with_steps=False)
        # Half of the trials kill the first sync of all, half a later one.
        numbers = range(scene == "later", self.options.kills, 2)
        moments = None
        if self.options.random is not None:
            numbers = [self.options.random]
            moments = self.options.after and [float(text) for text in self.options.after.split(",")]
        self.all(place, "random", numbers, lambda number: place.kill_at_random(number, moments), 0)

    def scene(self, platform, scene, people, with_steps):
        place = Scene(self.settings, platform, scene, people)
        try:
            place.run_twin(with_steps)
        except Difference as difference:
            sys.exit(f"\n{place.name}: {difference}")
        return place

    def all(self, place, kind, numbers, trial, steps):
        tally, begun = Tally(), time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            waiting = {pool.submit(trial, number): number for number in numbers}
            try:
                for done in concurrent.futures.as_completed(waiting):
                    number = waiting[done]
                    try:
                        tally.add(done.result())
                    except Exception as difference:
                        self.stop(place, kind, number, difference)
                    if not self.options.keep:
                        name = f"{place.platform}-{place.scene}-{'step' if kind == 'steps' else kind}-{number}"
                        shutil.rmtree(os.path.join(self.settings.folder, name), ignore_errors=True)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        if kind == "random":
            steps = f"{place.duration:.1f}s"
        tally.seconds = time.monotonic() - begun
        outcome = "the same" if not tally.litter else f"the same; files left: {tally.litter}"
        print(f"{place.platform:12} {place.scene:6} {kind:12} {steps or '':>6} {tally.trials:6} "
              f"{tally.trials - tally.unreached:6} {tally.kills:6} {tally.again:6} {tally.told_again:5} "
              f"{sum(tally.litter.values()):5} {tally.seconds:6.0f}s  {outcome}", flush=True)

    def stop(self, place, kind, number, difference):
        options = self.options
        command = (f"Scripts/kill/kill.py --platform {place.platform} --scene {place.scene} --day {options.day} "
                   f"--seed {options.seed} --keep ")
        if kind == "steps":
            command += f"--people {place.people} --step {number}"
        elif kind != "random":
            command += f"--kills 0 --every 0 --disturb {kind} --point {number}"
        else:
            moments = ",".join(f"{moment:.6f}" for moment in getattr(difference, "moments", []))
            command += f"--many {place.people} --random {number}" + (f" --after {moments}" if moments else "")
        where = f" ({place.steps[number - 1]})" if kind == "steps" and number <= len(place.steps) else ""
        print(f"\n{place.name}, {kind} {number}{where}: {type(difference).__name__}: {difference}")
        print(f"Repeat it with: {command}", flush=True)
        raise SystemExit(1)


if __name__ == "__main__":
    # Ends like by Ctrl-C: the trials that are under way take down what they have put up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    Kills(options()).run()
