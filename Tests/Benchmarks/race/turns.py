"""Sides of a race as warm processes that take turns."""

import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# How long a side runs in one turn, and at most how often.
TURN_SECONDS, TURN_RUNS = 0.4, 20
# Threads that wait for work actively stop it before the next side's turn.
PAUSE_SECONDS = 0.1


def variables(threads):
    """The environment without choices of kernels that somebody made for another program."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    return {**kept, "OMP_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "false"}


def busy():
    """Seconds of work of all processors so far, for anybody, and lost to other machines."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


class Disturbance:
    """What others took of the machine, at most, while something was measured."""

    worst = 0.0

    @classmethod
    def over(cls, seconds, work):
        """Notes `work`, seconds of processors that others had in `seconds` on the clock."""
        cls.worst = max(cls.worst, work / seconds / os.cpu_count())

    @classmethod
    def line(cls):
        """What a report says of it."""
        words = f"Other programs took {cls.worst:.0%} of the processors at most while a race ran"
        return words + (": not to be reported." if cls.worst >= 0.1 else ".")


class Side:
    """A process that runs a network as often as it is told to."""

    def __init__(self, name, command, threads):
        self.name = name
        self.rounds = []
        self.peak = 0
        self.process = subprocess.Popen(
            command, env=variables(threads), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.ready = self.answer()
        # The first runs are slower: memory is touched for the first time.
        self.go(1)
        self.runs = 1 + max(1, min(TURN_RUNS, int(TURN_SECONDS * 1e3 / self.go(1)[0])))

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()}")
        return json.loads(line)

    def go(self, runs):
        self.process.stdin.write(f"go {runs}\n")
        self.process.stdin.flush()
        return self.answer()

    @property
    def work(self):
        """Seconds of processors that the process had so far."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def turn(self):
        """Milliseconds of one run: the median of a turn without its first run."""
        self.rounds.append(statistics.median(self.go(self.runs)[1:]))
        time.sleep(PAUSE_SECONDS)

    def end(self):
        """The largest resident memory is read while the process is there."""
        with open(f"/proc/{self.process.pid}/status") as file:
            line = next(line for line in file if line.startswith("VmHWM:"))
        self.peak = int(line.split()[1]) / 1024
        self.process.stdin.close()
        self.process.wait()

    @property
    def median(self):
        return statistics.median(self.rounds)


def race(sides, rounds):
    """All sides by turns, A B C A B C; ends them."""
    def others():
        return busy() - sum(side.work for side in sides)

    start, before = time.monotonic(), others()
    try:
        for number in range(rounds):
            # Nobody is always the one who runs after the same neighbour.
            for side in sides if number % 2 == 0 else reversed(sides):
                side.turn()
            line = ", ".join(f"{side.name} {side.rounds[-1]:.1f}" for side in sides)
            print(f"  {line} ms", file=sys.stderr)
        Disturbance.over(time.monotonic() - start, others() - before)
    finally:
        for side in sides:
            side.end()


def ratio(ours, theirs):
    """Ratio of the medians, and the range of the ratios of the rounds."""
    rounds = [a / b for a, b in zip(ours.rounds, theirs.rounds)]
    return ours.median / theirs.median, min(rounds), max(rounds)


def whole(command, threads):
    """Seconds and peak MiB of a whole process, and what it wrote."""
    start, before = time.perf_counter(), busy()
    process = subprocess.Popen(command, env=variables(threads), stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = status
    Disturbance.over(seconds, busy() - before - usage.ru_utime - usage.ru_stime)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return seconds, usage.ru_maxrss / 1024, output.decode()
