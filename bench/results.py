"""What bench/run found: its tables, the section of RESULTS.md, and the ratios that must not fall."""
import json
import os
import re

from workers import HERE, Ratio

KEPT = os.path.join(HERE, "kept.json")
RESULTS = os.path.join(HERE, "RESULTS.md")
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
            self.keep(f"{key}: share of the SGEMM peak", sorted(shares)[len(shares) // 2], max(shares))
        self.table(["contender", "ms/row", "processor ms/row", "peak MB", "times heed's, pairs: median (95%)",
                    "share of SGEMM peak"], rows)
        return ratios


def share(measured, flop):
    if flop is None:
        return ""
    shares = sorted(flop / (1e6 * wall * peak) for wall, peak in zip(measured.wall, measured.peak))
    return f"{100 * shares[len(shares) // 2]:.0f}% ({100 * shares[0]:.0f} to {100 * shares[-1]:.0f}) of " \
           f"{sorted(measured.peak)[len(measured.peak) // 2]:.0f} GFLOP/s"


def read_kept():
    with open(KEPT, encoding="utf-8") as file:
        return json.load(file)


def fallen(figures, kept):
    """The figures whose whole interval lies below what was kept."""
    return [f"{name}: {figures[name][0]:.2f}, at best {figures[name][1]:.2f}; kept {least:.2f}"
            for name, least in kept.items() if name in figures and figures[name][1] < least]


def raise_kept(figures):
    """Keeps nine tenths of what was found, where that is more."""
    kept = read_kept()
    for name, (median, _) in figures.items():
        kept[name] = max(kept.get(name, 0.0), round(0.9 * median, 3))
    with open(KEPT, "w", encoding="utf-8") as file:
        json.dump(dict(sorted(kept.items())), file, indent=2)
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
