"""What bench/run found: its tables, the section of RESULTS.md, and the ratios that must not fall."""
import json
import os
import re
import statistics

from workers import HERE, Ratio

KEPT = os.path.join(HERE, "kept.json")
RESULTS = os.path.join(HERE, "RESULTS.md")
SHARE = "share of the peak"
BEGIN, END = "<!-- bench/run begins -->", "<!-- bench/run ends -->"


class Findings:
    def __init__(self):
        self.parts, self.figures, self.faults = [], {}, []

    def title(self, text):
        self.write(f"\n### {text}\n")

    def write(self, text):
        print(text, flush=True)
        self.parts.append(text)

    def table(self, head, rows):
        self.write("\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]) + "\n")

    def fault(self, text):
        self.write(f"**FAULT: {text}**\n")
        self.faults.append(text)

    def keep(self, name, median, high):
        """A figure that is larger the better, and the upper end of its interval."""
        self.figures[name] = (median, high)

    def contenders(self, key, measured, flop=None):
        """A table of Measured by name, the first of which is heed's; returns each other's ratio."""
        names, ratios, rows = list(measured), {}, []
        ours = measured[names[0]]
        for name, each in measured.items():
            cells = [name, f"{each.median():.4f}", f"{sum(each.cpu) / len(each.cpu):.4f}", f"{each.megabytes:.0f}"]
            if name != names[0]:
                ratios[name] = Ratio(ours.wall, each.wall)
                self.keep(f"{key}: {name}", ratios[name].median, ratios[name].high)
            cells += [str(ratios[name]) if name in ratios else "", share(each, flop) if name == names[0] else ""]
            rows.append(cells)
        if flop is not None:
            shares = [flop / (1e6 * wall * peak) for wall, peak in zip(ours.wall, ours.peak)]
            self.keep(f"{key}: {SHARE}", sorted(shares)[len(shares) // 2], max(shares))
        self.table(["contender", "ms/row", "processor ms/row", "peak MB", "times heed's, pairs: median (95%)",
                    SHARE], rows)
        return ratios


def share(measured, flop):
    if flop is None:
        return ""
    shares = [flop / (1e6 * wall * peak) for wall, peak in zip(measured.wall, measured.peak)]
    busy = [flop / (1e6 * cpu * peak) for cpu, peak in zip(measured.cpu, measured.peak_each)]
    return f"{percents(shares)} of {statistics.median(measured.peak):.0f} GFLOP/s; of processor time {percents(busy)}"


def percents(shares):
    """The median, the least and the most."""
    return f"{100 * statistics.median(shares):.0f}% ({100 * min(shares):.0f} to {100 * max(shares):.0f})"


def read_kept(kind):
    """Figures of this kind of processor; none, if it was not measured before."""
    with open(KEPT, encoding="utf-8") as file:
        return json.load(file).get(kind, {})


def fallen(figures, kept):
    """The figures whose whole interval lies below what was kept."""
    return [f"{name}: {figures[name][0]:.2f}, at best {figures[name][1]:.2f}; kept {least:.2f}"
            for name, least in kept.items() if name in figures and figures[name][1] < least]


def raise_kept(kind, figures):
    """Keeps nine tenths of what was found, where that is more than this kind of processor has."""
    with open(KEPT, encoding="utf-8") as file:
        kinds = json.load(file)
    kept = kinds.setdefault(kind, {})
    for name, (median, _) in figures.items():
        kept[name] = max(kept.get(name, 0.0), round(0.9 * median, 3))
    with open(KEPT, "w", encoding="utf-8") as file:
        json.dump(kinds, file, indent=2, sort_keys=True)
        file.write("\n")


def write_section(path, text):
    """Replaces the marked section of a file, or adds it at the end."""
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
    section = f"{BEGIN}\n{text.strip()}\n{END}\n"
    if BEGIN in old:
        new = re.sub(f"{BEGIN}.*?{END}\n", lambda _: section, old, flags=re.DOTALL)
    else:
        new = old.rstrip("\n") + "\n\n" + section
    with open(path, "w", encoding="utf-8") as file:
        file.write(new)
