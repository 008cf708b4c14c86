#!/usr/bin/env python3
"""Runs a program and kills it at its n-th step, before the step is taken.

A step is a system call that changes something outside of the program or hears of a change: writes to files and
sockets, reads from sockets, syncs, renames, new and removed files. All threads are counted together, so that a
number means the same step as long as the program does the same. Of the pages that a SQLite transaction puts into its
log only the first, and both writes of the last one, which makes the transaction valid, are steps, and of the pages
between them every so many (--pages): nobody sees those before the last one stands.

Usage: tracer.py [--kill N [--signal S] | --full N] [--steps FILE] [--pages K] -- PROGRAM ARGUMENT...
  --kill N   sends SIGKILL before the N-th step, counted from 1, or the signal of the number S
  --full N   from the N-th step on nothing finds room on the disk (ENOSPC)
  --steps F  writes a line for each step into the file F
Prints a line of JSON: {"exit":…,"signal":…,"steps":…,"last":"…"}. `signal` is 9 if it was killed.
"""

import argparse
import ctypes
import errno
import json
import os
import platform
import signal
import sys

import calls

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]

# linux/ptrace.h
TRACEME, CONT, POKEUSER, SETOPTIONS, SETREGSET, GET_SYSCALL_INFO = 0, 7, 6, 0x4200, 0x4205, 0x420E
EVENT_SECCOMP = 7
# TRACEFORK, TRACEVFORK, TRACECLONE, TRACEEXEC, TRACESECCOMP, EXITKILL
OPTIONS = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
WALL = 0x40000000


class SyscallInfo(ctypes.Structure):
    """struct ptrace_syscall_info, as it is at a stop by seccomp."""

    _fields_ = [
        ("op", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 3), ("arch", ctypes.c_uint32), ("ip", ctypes.c_uint64),
        ("sp", ctypes.c_uint64), ("number", ctypes.c_uint64), ("arguments", ctypes.c_uint64 * 6),
        ("data", ctypes.c_uint32), ("pad2", ctypes.c_uint32),
    ]


class Filter(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32),
    ]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("filter", ctypes.POINTER(Filter))]


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def ptrace(request, pid, address=0, data=0):
    if libc.ptrace(request, pid, address, data) == -1 and ctypes.get_errno() not in (0, errno.ESRCH):
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x}: {os.strerror(ctypes.get_errno())}")


def stop_at_calls():
    """In the child: lets the kernel stop it at the calls that are watched, and at no others."""
    numbers = sorted(calls.NAMES)
    code = [(0x20, 0, 0, 0)]  # load the call's number
    code += [(0x15, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    code += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x7FF00000)]  # allow; stop for the tracer
    filters = (Filter * len(code))(*[Filter(*line) for line in code])
    program = Program(len(code), filters)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0):
        os.write(2, b"tracer: this kernel lets no filter be set\n")
        os._exit(127)


def start(arguments):
    """The program, stopped before it begins."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, WALL)
        ptrace(SETOPTIONS, pid, 0, OPTIONS)
        ptrace(CONT, pid)
        return pid
    try:
        ptrace(TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        stop_at_calls()
        os.execv(arguments[0], arguments)
    except OSError as error:
        os.write(2, f"tracer: {arguments[0]}: {error}\n".encode())
    os._exit(127)


class Watcher:
    """Knows which of the calls are steps."""

    def __init__(self, pages):
        self.pages = pages
        self.between = 0
        # By log: whether its next page is the first of a transaction, and whether the page that follows is the last.
        self.logs = {}

    def memory(self, pid, address, count):
        try:
            with open(f"/proc/{pid}/mem", "rb", 0) as file:
                file.seek(address)
                return file.read(count)
        except OSError:
            return b""

    def text(self, pid, address):
        return self.memory(pid, address, 256).split(b"\0")[0].decode(errors="replace")

    def step(self, pid, name, arguments):
        """What the call is, as a line, and nil if it is no step."""
        if name in calls.ON_DESCRIPTOR:
            descriptor = arguments[0] & 0xFFFFFFFF
            try:
                place = os.readlink(f"/proc/{pid}/fd/{descriptor}")
            except OSError:
                return None
            if descriptor < 3 or place.startswith(("anon_inode:", "pipe:", "/dev/")):
                return None
            if place.startswith("socket:"):
                return f"{name} socket"
            place = os.path.basename(place)
            if name == "pwrite64" and place.endswith("-wal"):
                return self.page(pid, arguments, place)
            return f"{name} {place}"
        if name == "openat" and not arguments[2] & os.O_CREAT:
            return None
        path = calls.PATH_ARGUMENT.get(name)
        place = "" if path is None else os.path.basename(self.text(pid, arguments[path]))
        if name == "openat":
            target = os.path.join(f"/proc/{pid}/cwd", self.text(pid, arguments[1]))
            if os.path.exists(target):
                return None
        return f"{name} {place}"

    def page(self, pid, arguments, place):
        begins, ends = self.logs.get(place, (True, False))
        if arguments[2] == 24:
            ends = self.memory(pid, arguments[1], 8)[4:] != b"\0\0\0\0"
            self.logs[place] = (False, ends)
            if begins and not ends:
                return f"pwrite64 {place}, first page"
            if ends:
                return f"pwrite64 {place}, last page's head"
        elif ends:
            self.logs[place] = (True, False)
            return f"pwrite64 {place}, last page"
        elif arguments[2] == 32:
            return f"pwrite64 {place}, head"
        self.between += 1
        if self.pages and self.between % self.pages == 0:
            return f"pwrite64 {place}, a page between"
        return None


def refuse(pid):
    """The call that the program stands before is not made and answers ENOSPC."""
    answer = ctypes.c_uint64(-errno.ENOSPC & 0xFFFFFFFFFFFFFFFF).value
    if platform.machine() == "x86_64":
        ptrace(POKEUSER, pid, 15 * 8, 0xFFFFFFFFFFFFFFFF)  # orig_rax
        ptrace(POKEUSER, pid, 10 * 8, answer)  # rax
        return
    number = ctypes.c_int(-1)
    vector = Vector(ctypes.addressof(number), 4)
    ptrace(SETREGSET, pid, 0x404, ctypes.addressof(vector))  # NT_ARM_SYSTEM_CALL
    registers = (ctypes.c_uint64 * 34)()
    vector = Vector(ctypes.addressof(registers), ctypes.sizeof(registers))
    ptrace(0x4204, pid, 1, ctypes.addressof(vector))  # GETREGSET, NT_PRSTATUS
    registers[0] = answer
    ptrace(SETREGSET, pid, 1, ctypes.addressof(vector))


def run(arguments, kill, sent, full, pages, lines):
    main = start(arguments)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(main, signal.SIGTERM))
    signal.signal(signal.SIGINT, lambda *_: os.kill(main, signal.SIGINT))
    watcher, count, last, info = Watcher(pages), 0, "", SyscallInfo()
    while True:
        pid, status = os.waitpid(-1, WALL)
        if not os.WIFSTOPPED(status):
            if pid == main:
                killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
                code = None if killed else os.WEXITSTATUS(status)
                return {"exit": code, "signal": killed, "steps": count, "last": last}
            continue
        passed = os.WSTOPSIG(status)
        if status >> 16 == EVENT_SECCOMP:
            ptrace(GET_SYSCALL_INFO, pid, ctypes.sizeof(info), ctypes.addressof(info))
            name = calls.NAMES.get(info.number, "")
            step = watcher.step(pid, name, info.arguments)
            if step:
                count += 1
                last = step
                lines.append(step)
                if count == kill:
                    os.kill(main, sent)
                    if sent == signal.SIGKILL:
                        continue
            if full and count >= full and name in calls.NEEDS_ROOM and step and "socket" not in step:
                refuse(pid)
            elif full and count >= full and name == "pwrite64" and not step:
                refuse(pid)
        if status >> 16 or passed in (signal.SIGSTOP, signal.SIGTRAP):
            passed = 0
        ptrace(CONT, pid, 0, passed)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--signal", type=int, default=signal.SIGKILL)
    parser.add_argument("--full", type=int, default=0)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--steps")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    if not calls.NAMES:
        sys.exit(f"tracer: no table of system calls for {platform.machine()}")
    lines = []
    result = run(options.program, options.kill, options.signal, options.full, options.pages, lines)
    if options.steps:
        with open(options.steps, "w") as file:
            file.write("".join(line + "\n" for line in lines))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
