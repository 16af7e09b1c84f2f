#!/usr/bin/env python3
"""The blocks of the documents are what their commands print.

    docs/blocks.py check [PAGE]...          runs the blocks; a line for each that no longer fits, exit status 1 then
    docs/blocks.py renew [--all] [PAGE]...  runs them and writes what they print into the pages; --all: slow ones too

Without a page: README.md, CONTRIBUTING.md and docs/*.md. HEED names the program; build/release/heed is used without it.

A block is fenced, and the word after its fence says what it is:

    console        '$ command' lines, each with what it prints. '...' stands for any lines.
    json, c        has to parse, to compile. 'json run.json' is also a file of that name for the blocks after it.
    architecture   lines that --architecture takes
    text           is only read, unless <!-- from: COMMAND --> stands before it: then it is what that command prints

More words for a console; form, quick and slow also for a text with a command:

    run            the commands have to end well; what they print is not shown
    parse          nothing is run, but each heed command has to be one: no option or argument that cannot be used
    serve          the first command is a server, which runs until the end of the page
    form           figures depend on processor and time: numbers, and which words have the largest, may be others
    quick='...'    check adds these options, so that training is short
    slow           is only run by renew --all, and by check if it has quick; check does as with parse else

In the text around the blocks, `heed COMMAND --option` and `--option` have to be those of the program.

Each page runs in an empty folder of its own. <!-- scene: NAME --> goes on in a folder that docs/scenes/NAME.sh has
filled; where that script ends with 77, which says that its data is not here, its blocks are skipped with a word.
QUICK is set for a script if a part of its data will do, as for check.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEED = os.path.abspath(os.environ.get("HEED", ROOT / "build/release/heed"))
CC = os.environ.get("CC", "cc")
SERVED = "http://127.0.0.1:8080"  # where a page says that its server is
KINDS = {"console", "json", "c", "architecture", "text"}
WORDS = {"run", "parse", "serve", "form", "slow"}
SECONDS = 3600  # of a command, at most


class Fault(Exception):
    """A block that does not fit; (line, what is wrong)."""


class Skip(Exception):
    """A block that cannot be run here, and why."""


# ---------------------------------------------------------------- pages to blocks


class Block:
    def __init__(self, page, line, indent, info, scene, source):
        self.page, self.line, self.indent, self.scene, self.source = page, line, indent, scene, source
        words = shlex.split(info)
        self.kind = words[0] if words else ""
        self.words = {word for word in words[1:] if "=" not in word}
        self.quick = "".join(word[6:] for word in words[1:] if word.startswith("quick="))
        self.body = []

    def check_words(self):
        allowed = WORDS if self.kind in ("console", "text") else set()
        unknown = [word for word in self.words - allowed if not (self.kind == "json" and word.endswith(".json"))]
        if self.kind not in KINDS or unknown:
            found = " ".join([self.kind, *unknown])
            raise Fault(self.line, f"found the fence '{found}'; the head of docs/blocks.py says what may be there")
        if self.kind == "text" and not self.source and any(line.startswith("$ ") for line in self.body):
            raise Fault(self.line, "found a command in a text; make it a console")

    def steps(self):
        """(line, command, lines that it prints), with the commands as they are written."""
        if self.source:
            return [(self.line + 1, self.source, self.body)]
        steps, more = [], False
        for number, line in enumerate(self.body, self.line + 1):
            if more:
                steps[-1][1] += "\n" + line
            elif line.startswith("$ "):
                steps.append([number, line[2:], []])
            elif steps:
                steps[-1][2].append(line)
            else:
                raise Fault(number, f"found '{line}' before the first '$ command'")
            more = (more or line.startswith("$ ")) and line.endswith("\\")
        if not steps:
            raise Fault(self.line, "found a console without a '$ command'")
        return steps


def without_end(lines):
    """Without the blank lines at the end: those that part two commands."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def blocks_of(page, lines):
    """The blocks of a page. Indented blocks are faults: nothing says how they are to be checked."""
    found, block, scene, source = [], None, None, None
    for number, line in enumerate(lines, 1):
        fence = re.match(r"( *)```(.*)$", line)
        if block is not None:
            if fence:
                block = None
            else:
                block.body.append(line[len(block.indent):] if line.startswith(block.indent) else line)
        elif fence:
            block = Block(page, number, fence[1], fence[2], scene, source)
            found.append(block)
            source = None
        elif re.match(r"    +\S", line) and not lines[number - 2].strip():
            raise Fault(number, "found an indented block; fence it, so that it can be checked")
        else:
            comment = re.match(r"<!-- (scene|from): (.*) -->$", line)
            if comment and comment[1] == "scene":
                scene = comment[2]
            elif comment:
                source = comment[2]
    if block is not None:
        raise Fault(block.line, "found no end of this block")
    return found


def code_of_text(lines):
    """(line, what is between backticks), outside of blocks; a span may go on in the next line."""
    fenced, text = False, []
    for line in lines:
        fence = re.match(r" *```", line)
        text.append("" if fence or fenced else line)
        fenced ^= bool(fence)
    text = "\n".join(text)
    for span in re.finditer(r"`([^`]+)`", text):
        yield text.count("\n", 0, span.start()) + 1, re.sub(r"\s+", " ", span[1])


# ---------------------------------------------------------------- what is compared


def form(line):
    """A line without what depends on processor and time."""
    line = line.replace("*", "").replace("(?)", "")
    line = re.sub(r"\b[0-9a-f]{32}\b", "#", line)  # digests
    line = re.sub(r"[-+]?\d[\d,]*(\.\d+)?(e[-+]?\d+)?", "#", line)
    line = re.sub(r"^most faithful: \S+,", "most faithful: METHOD,", line)
    line = re.sub(r"(^|\t)[^\t]+\t#(;#)*$", r"\1LABEL #", line)  # an answer
    line = re.sub(r"\[([^][\s]+):#\]", r"\1", line)  # words that heed explain marks
    line = re.sub(r"^(most|for|against|more|less): .*#$", "WORDS", line)  # and which of these lines there are
    line = re.sub(r"^ +\S+( \S+)? #(, \S+( \S+)? #)+,?$", "WORDS", line)  # heed inspect: the strongest features
    line = re.sub(r"([-_=.])\1{3,}", r"\1", line)
    return re.sub(r"\s+", " ", line).strip()


def same(line):
    return line.rstrip()


def forms(lines, measure):
    """[(form, number of the first line that has it)]: lines of one form in a row, or of two in turns, count once."""
    result = []
    for number, line in enumerate(lines):
        text = measure(line)
        if measure is not form or text not in [text for text, _ in result[-2:]]:
            result.append((text, number))
    return result


def segments(items, is_gap):
    parts = [[]]
    for item in items:
        if is_gap(item):
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def find_segment(part, found, start):
    """Where the forms of part are in those of found, from start; -1: nowhere."""
    wanted = [text for text, _ in part]
    for at in range(start, len(found) - len(wanted) + 1):
        if [text for text, _ in found[at:at + len(wanted)]] == wanted:
            return at
    return -1


def first_difference(expected, found, measure):
    """(number of an expected line, found text), or None where they fit."""
    got, at = forms(found, measure), 0
    parts = segments(forms(expected, measure), lambda item: item[0] == "...")
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if index == 0 or not part:
            start = at
        elif last:
            start = max(at, len(got) - len(part))
        else:
            start = find_segment(part, got, at)
            if start < 0:
                return part[0][1], "no such line"
        for offset, (text, number) in enumerate(part):
            have = got[start + offset] if start + offset < len(got) else None
            if have is None or have[0] != text:
                return number, found[have[1]] if have else "the end"
        at = start + len(part)
        if last and (part or len(parts) == 1) and at < len(got):
            return len(expected), found[got[at][1]]
    return None


def timeless(line):
    return re.sub(r"[\d.]+s, +\d+ rows/s|\d+ seconds", "", line)


def renewed(expected, found):
    """What was found, with gaps where they were: a part after a gap begins at the line that has the form of its first,
    and the last part ends at the end. A line in which only the time is another stays."""
    parts = segments(expected, lambda line: line == "...")
    lines, at = [], 0
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        start = at
        if index and part:
            other = len(found) - len(part) if last else at
            start = next((n for n in range(at, len(found)) if form(found[n]) == form(part[0])), other)
        at = len(found) if last and (part or index == 0) else start + len(part)
        lines += (["..."] if index else []) + found[start:at]
    old = {timeless(line): line for line in expected}
    return [old.get(timeless(line), line) for line in lines]


# ---------------------------------------------------------------- running


def heed_commands(command):
    """The argument lists of heed in a line of shell."""
    words = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars=True)
    words.whitespace_split = True
    current = []
    for word in [*words, ";"]:
        if re.fullmatch(r"[|&;()]+", word):
            if current[:1] == ["heed"]:
                yield current[1:current.index(">") if ">" in current else None]
            current = []
        else:
            current.append(word)


def check_command_line(line, command):
    """Options are checked before anything else: a command that goes on running, as heed demo does, was accepted."""
    with tempfile.TemporaryDirectory() as empty:
        for arguments in heed_commands(command):
            try:
                done = subprocess.run([HEED, *arguments], cwd=empty, stdin=subprocess.DEVNULL, text=True, timeout=5,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            except subprocess.TimeoutExpired:
                continue
            if done.returncode == 2:
                raise Fault(line, f"'{command}': {done.stdout.strip()}")


def options_of_commands():
    """{command: its options}; those of "" are all."""
    def told(*arguments):
        return subprocess.run([HEED, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout

    commands = re.findall(r"^  ([a-z]+)  ", told("help").split("Commands:")[1].split("\n\n")[0], re.M)
    options = {command: set(re.findall(r"--[a-z0-9-]+", told(command, "--help"))) for command in [*commands, "test"]}
    options[""] = set().union({"--version"}, *options.values())
    return options


def check_mention(line, code, options):
    """Of "heed COMMAND --option VALUE", or of an option alone, in a text."""
    command = re.match(r"heed ([a-z-]+)", code)
    if command and command[1] not in options:
        raise Fault(line, f"heed has no command {command[1]}")
    if command or code.startswith("--"):
        for name in re.findall(r"(?:^|(?<= ))--[a-z0-9-]+", code):
            if name not in options[command[1] if command else ""]:
                raise Fault(line, f"'{code}': there is no option {name}")


class Scene:
    """A folder in which the blocks of a page run."""

    def __init__(self, folder, name, quick):
        self.folder, self.name, self.server, self.filled = folder, name, None, False
        folder.mkdir()
        programs = folder.parent / "bin"  # heed, and a .curlrc
        self.environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", CURL_HOME=str(programs),
                                ROOT=str(ROOT), LC_ALL="C.UTF-8", QUICK="yes" if quick else "")

    def fill(self):
        """Before the first command. What scenes say where they cannot is the reason of a skip."""
        if self.name and not self.filled:
            done = subprocess.run(["sh", ROOT / f"docs/scenes/{self.name}.sh"], cwd=self.folder, env=self.environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  check=False)
            if done.returncode == 77:
                raise Skip(done.stdout.strip())
            if done.returncode:
                sys.exit(f"docs/scenes/{self.name}.sh: {done.stdout.strip()}")
        self.filled = True

    def run(self, command):
        if self.server:
            command = command.replace(SERVED, self.server[1])
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
        lines = done.stdout.decode(errors="replace").splitlines()
        return done.returncode, [line.rstrip() for line in lines]

    def serve(self, command):
        """The first line of a server that goes on running, as if it had the port that the page says."""
        server = subprocess.Popen(["sh", "-c", f"exec {command} --port 0 2> serve.log"], cwd=self.folder, text=True,
                                  env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.server = server, server.stdout.readline().strip()
        return 0, [SERVED if self.server[1].startswith("http://") else self.server[1]]

    def end(self):
        if self.server:
            self.server[0].terminate()
            self.server[0].communicate()


def run_step(scene, block, line, command, quick):
    """What a command prints."""
    scene.fill()
    program = shlex.split(command, comments=True)[0]
    if "=" not in program and not shutil.which(program, path=scene.environment["PATH"]) and "/" not in program:
        raise Skip(f"{program} is not here")
    if "serve" in block.words and not scene.server:
        status, found = scene.serve(command)
    else:
        status, found = scene.run(f"{command} {block.quick}" if quick and block.quick else command)
    if status and "run" in block.words:
        raise Fault(line, f"'{command}': exit status {status}: {' '.join(found[-1:])}")
    return found


def check_data(block, scene):
    """Blocks that are no output."""
    text = "\n".join(block.body)
    if block.kind == "json":
        try:
            json.loads(text)
        except ValueError as error:
            raise Fault(block.line, f"no JSON: {error}") from None
        for name in block.words:
            (scene.folder / name).write_text(text + "\n")
    elif block.kind == "c":
        flags = "-std=c11 -Wall -Wextra -Werror -fsyntax-only -Iinclude -Isrc -x c -".split()
        done = subprocess.run([CC, *flags], cwd=ROOT, input=text + "\n", text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            errors = [line for line in done.stdout.splitlines() if "error" in line]
            raise Fault(block.line, errors[0] if errors else "does not compile")
    elif block.kind == "architecture":
        for number, line in enumerate(block.body, block.line + 1):
            check_command_line(number, f"heed inspect --architecture '{line}'")


# ---------------------------------------------------------------- check and renew


def check_block(block, scene):
    for line, command, expected in block.steps():
        if "parse" in block.words or ("slow" in block.words and not block.quick):
            check_command_line(line, command)
            continue
        found = run_step(scene, block, line, command, True)
        if "run" in block.words:
            continue
        expected = without_end(expected)
        difference = first_difference(expected, without_end(found), form if "form" in block.words else same)
        if difference:
            number, text = difference
            wanted = expected[number] if number < len(expected) else "the end"
            place = line + command.count("\n") + 1 + number - bool(block.source)
            raise Fault(place, f"expected '{wanted}', found '{text}'; docs/blocks.py renew {block.page} writes it anew")


def renew_block(block, scene, slow):
    """The body that the block gets."""
    if "parse" in block.words or ("slow" in block.words and not slow):
        return block.body
    body = []
    for line, command, expected in block.steps():
        found = run_step(scene, block, line, command, False)
        if not block.source:
            body += ("$ " + command).split("\n")
        told = without_end(expected)
        if "run" not in block.words:
            body += renewed(told, without_end(found))
        body += expected[len(told):]
    return body


class Page:
    """A page's blocks, run in their order."""

    def __init__(self, name, work, quick):
        self.name, self.work, self.quick, self.scenes, self.counts = name, work, quick, {}, {}
        self.lines = (ROOT / name).read_text().splitlines()

    def scene(self, name):
        if name not in self.scenes:
            self.scenes[name] = Scene(self.work / f"{self.name.replace('/', '-')}-{name}", name, self.quick)
        return self.scenes[name]

    def say(self, line, text):
        print(f"{self.name}:{line}: {text}", flush=True)

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def each_block(self, use):
        """use(block, scene) of each that has commands; faults and skips are told and counted."""
        try:
            blocks = blocks_of(self.name, self.lines)
        except Fault as fault:
            self.say(*fault.args)
            self.count("fault")
            blocks = []
        for block in blocks:
            try:
                block.check_words()
                scene = self.scene(block.scene)
                if block.kind == "console" or block.source:
                    use(block, scene)
                else:
                    check_data(block, scene)
                self.count("fine")
            except Fault as fault:
                self.say(*fault.args)
                self.count("fault")
            except Skip as skip:
                self.say(block.line, f"skipped: {skip}")
                self.count("skipped")
        for scene in self.scenes.values():
            scene.end()

    def check_text(self, options):
        for line, code in code_of_text(self.lines):
            try:
                check_mention(line, code, options)
            except Fault as fault:
                self.say(*fault.args)
                self.count("fault")

    def check(self):
        self.check_text(options_of_commands())
        self.each_block(check_block)

    def renew(self, slow):
        changes = []

        def use(block, scene):
            body = renew_block(block, scene, slow)
            if body != block.body:
                self.say(block.line, "written anew")
                changes.append((block, body))

        self.each_block(use)
        for block, body in reversed(changes):
            new = [(block.indent + line).rstrip() for line in body]
            self.lines[block.line:block.line + len(block.body)] = new
        if changes:
            (ROOT / self.name).write_text("\n".join(self.lines) + "\n")


def main(arguments):
    if arguments[:1] not in (["check"], ["renew"]):
        sys.exit(__doc__)
    if not os.access(HEED, os.X_OK):
        sys.exit(f"{HEED}: no program; build it, or name it in HEED")
    slow = "--all" in arguments
    pages = [page for page in arguments[1:] if page != "--all"]
    pages = pages or ["README.md", "CONTRIBUTING.md", *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/*.md"))]
    counts = {"fine": 0, "skipped": 0, "fault": 0}
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "bin").mkdir()
        (Path(work) / "bin/heed").symlink_to(HEED)
        (Path(work) / "bin/.curlrc").write_text("silent\n")  # it shows its progress where the output is no terminal
        for name in pages:
            page = Page(name, Path(work), arguments[0] == "check")
            page.check() if arguments[0] == "check" else page.renew(slow)
            counts = {key: number + page.counts.get(key, 0) for key, number in counts.items()}
    print(f"{counts['fine']} blocks fit, {counts['fault']} do not, {counts['skipped']} skipped")
    sys.exit(counts["fault"] > 0)


if __name__ == "__main__":
    main(sys.argv[1:])
