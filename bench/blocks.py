"""Alternating measurements: pairs of blocks, and what their ratios say."""
import os
import platform
import random
import statistics

RESAMPLES = 10000


def orders(pairs):
    """AB, BA, AB, ...: True where the pair begins with A. What drifts meets both alike."""
    return [pair % 2 == 0 for pair in range(pairs)]


def run_pair(a_first, run_a, run_b):
    """Runs both, in this order, and returns what they return as (a, b)."""
    if a_first:
        a = run_a()
        return a, run_b()
    b = run_b()
    return run_a(), b


def bootstrap_interval(ratios):
    """95% of the medians of samples drawn from the ratios with replacement."""
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return medians[RESAMPLES * 25 // 1000], medians[RESAMPLES * 975 // 1000 - 1]


def ratio_cells(ratios):
    """Table cells: median | min to max | bootstrap interval."""
    low, high = bootstrap_interval(ratios)
    return f"{statistics.median(ratios):.2f} | {min(ratios):.2f} to {max(ratios):.2f} | {low:.2f} to {high:.2f}"


def first_processor():
    """What /proc/cpuinfo says of it: name -> value."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        lines = file.read().split("\n\n")[0].splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def processor(told=None):
    """The kind of processor, from what /proc/cpuinfo says of one."""
    told = told or first_processor()
    for names in (("vendor_id", "cpu family", "model"), ("CPU implementer", "CPU part")):
        if all(name in told for name in names):
            return ", ".join(f"{name} {told[name]}" for name in names)
    return platform.machine()


def machine():
    load = " ".join(f"{x:.2f}" for x in os.getloadavg())
    cpus = ",".join(str(cpu) for cpu in sorted(os.sched_getaffinity(0)))
    told = first_processor()
    return f"{told.get('model name', 'unknown model')} ({processor(told)}), CPUs {cpus}, load average {load}"
