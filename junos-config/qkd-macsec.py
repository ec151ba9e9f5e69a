#!/usr/bin/env python3
"""Starts qkd-macsec on a Junos router; the router runs event and op scripts only in Python.

Install the same file as /var/db/scripts/event/qkd-macsec.py and /var/db/scripts/op/qkd-macsec.py. It finds
Node, checks its version, and becomes `node <hardening flags> qkd-macsec.js <arguments>` (execve): from then
on output, signals and exit status are the program's own. Without arguments, as the event policy starts it,
the program's command is `run`; when syslog's word on an unknown CKN was the event, the program is told which
(policy qkd-repair in event-policy.set). From the CLI: `op qkd-macsec command status link mx1-mx2`, and where a
command has two words `op qkd-macsec command certs action check` or `op qkd-macsec command "certs check"`.
Junos runs an op script as whoever calls it: only as the script's user does it start the program, for keys and
certificates are open to nobody else; every other user, super-user or not, is told which user to log in as.

Settings are optional: a file qkd-macsec.conf beside this one, lines of `name value`, # for comments.
    node       /path/to/node            instead of the places below
    artifact   /path/to/qkd-macsec.js   instead of qkd-macsec/qkd-macsec.js in the user's home
    inventory  /path/to/inventory.json  instead of inventory.json in that folder
    flags      --jitless                more Node flags, for a kernel that refuses just-in-time code
Whatever fails here is one line on the terminal and in syslog (tag qkd-macsec), exit status 2.
"""

import glob
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys

try:
    import syslog
except ImportError:  # not in every Junos image: the terminal line has to do
    syslog = None

# Junos shows these as completions of `op qkd-macsec ?`.
arguments = {
    "command": "run (default), init, rotate, status, doctor or certs",
    "action": "with certs: check, renew, ca or export",
    "inventory": "inventory file",
    "device": "only this device",
    "link": "only this link",
    "threads": "how many routers to talk to at once",
    "output": "certs export: folder to write to",
    "profile": "file for where the time went",
    "metrics": "file for metrics, Prometheus text",
    "shard": "I/N: only the I-th of N parts of the links",
    "verbose": "0 to 4: more log lines",
    "onbox": "yes: this machine is the router (default)",
    "offbox": "yes: talk to the routers over SSH",
    "trace": "yes: write a debug log",
    "json": "yes: results as JSON",
    "dry-run": "yes: show what would change",
    "heard-ckn": "an unknown CKN that this router has logged: repair, draw no key",
    "force": "yes: certs renew also what is still valid",
    "kme": "yes: doctor looks at the KMEs in detail",
    "draw": "yes: with kme, draws one key each way",
    "help": "yes: show the program's own help",
    "version": "yes: show version and build",
}
WITH_VALUE = ("inventory", "device", "link", "threads", "output", "profile", "metrics", "shard", "heard-ckn")
SETTINGS = ("node", "artifact", "inventory", "flags")

UNKNOWN_CKN_EVENT = "DOT1XD_MACSEC_SC_UNKNOWN_CAK_ERR"

OLDEST_NODE = (20, 0)
NODE_PLACES = ("/packages/mnt/*/bin/node", "/usr/local/bin/node", "/usr/bin/node")  # signed package, container, cRPD

# Flag, first versions that know it, one for each release line.
HARDENING = (
    ("--disallow-code-generation-from-strings", ((20, 0),)),
    ("--no-addons", ((20, 0),)),
    ("--disable-sigusr1", ((22, 14), (23, 7))),  # nobody can open the debugger
    ("--jitless", ((23, 0),)),  # Node 24 does not start in a script's 128 MB of data otherwise
)


class Refusal(Exception):
    """Why the program cannot be started, and what to do, in one line."""


def program_arguments(words):
    """Junos's pairs, `-name value` or `--name value` depending on the release, as the program's arguments."""
    if len(words) % 2:
        raise Refusal("arguments must be pairs of name and value, got: %s" % " ".join(words))
    command, action, options = ["run"], [], []
    for word, value in zip(words[::2], words[1::2]):
        name = word.lstrip("-")
        if name not in arguments:
            raise Refusal("unknown argument %s: use one of %s" % (name, ", ".join(arguments)))
        if name == "command":
            command = value.split()
        elif name == "action":
            action = [value]
        elif name in WITH_VALUE:
            options.append("--%s=%s" % (name, value))
        elif name == "verbose":
            if value not in ("0", "1", "2", "3", "4"):
                raise Refusal("verbose is %s: give a number from 0 to 4" % value)
            options += ["-v"] * int(value)
        elif value not in ("yes", "no"):
            raise Refusal("%s is %s: give yes or no" % (name, value))
        elif value == "yes":
            options.append("--" + name)
    # Junos runs this on a router only; in a container the program could not tell.
    place = [] if "--offbox" in options or "--onbox" in options else ["--onbox"]
    return command + action + place + options


def heard_ckn():
    """The CKN in the message of the event that started this script; None for every other event, and off an event.

    Junos hands the event over as an lxml element in its own module `junos`. Whatever is not as expected there
    (no module, no event, another wording) must not keep the repair from running: it then runs as on the timer.
    """
    try:
        from junos import Junos_Trigger_Event as event
        names = [node.text for node in event.iter("id")]
        messages = [node.text or "" for node in event.iter("message")]
    except Exception:  # outside Junos, and for an op script: no module, or None in it
        return None
    if UNKNOWN_CKN_EVENT not in names and not any(UNKNOWN_CKN_EVENT in message for message in messages):
        return None
    found = re.search(r"\bCKN[ :]+([0-9a-f]{64})(?![0-9a-f])", " ".join(messages), re.IGNORECASE)
    return found.group(1).lower() if found else None


def read_settings():
    """The lines of qkd-macsec.conf; empty when there is no such file."""
    path = os.path.splitext(os.path.abspath(__file__))[0] + ".conf"
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as lines:
        pairs = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    settings = {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2}
    if len(settings) != len(pairs) or not set(settings) <= set(SETTINGS):
        raise Refusal("%s: write only lines of %s, each once with a value" % (path, ", ".join(SETTINGS)))
    return settings


def find_artifact(configured):
    """Path of the artifact. Who runs it must be able to trust it: nobody else may have written it."""
    user = pwd.getpwuid(os.getuid())
    if user.pw_name == "nobody":
        raise Refusal("runs as nobody: set event-options event-script file qkd-macsec.py python-script-user")
    homes = ("/var/home/" + user.pw_name, user.pw_dir)
    places = [configured] if configured else [home + "/qkd-macsec/qkd-macsec.js" for home in homes]
    path = next(filter(is_there, places), None)
    if path is None:
        raise Refusal("%s is not there: copy the artifact to it, or log in as the user who has it" % places[0])
    status = os.stat(path)
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refusal("%s can be changed by others: make root or %s its only writer" % (path, user.pw_name))
    if status.st_uid not in (0, os.getuid()):
        raise wrong_user(path)
    return path


def is_there(path):
    """Whether the file is there; one that only its owner can see is no missing one."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except PermissionError as error:
        raise wrong_user(path) from error
    except OSError:
        return False


def wrong_user(path):
    """An op script runs as who calls it, an event script as its python-script-user; the keys are open to one user."""
    try:
        owner = pwd.getpwuid(os.stat(path).st_uid).pw_name
    except (OSError, KeyError):
        owner = "USER"
    todo = "log in as %s, as in: ssh %s@ROUTER op qkd-macsec command status" % (owner, owner)
    if "/event/" in os.path.abspath(__file__):
        todo = "set event-options event-script file qkd-macsec.py python-script-user %s" % owner
    return Refusal("runs as %s, but program and keys are those of another user (%s): %s"
                   % (pwd.getpwuid(os.getuid()).pw_name, path, todo))


def version_of(node, environment):
    """(major, minor), or the reason why there is none."""
    try:
        said = subprocess.run([node, "--version"], env=environment, timeout=30, check=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        return "%s does not run (%s)" % (node, getattr(error, "strerror", None) or type(error).__name__)
    found = re.match(rb"v(\d+)\.(\d+)\.", said.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else "%s is not Node" % node


def find_node(configured, environment):
    """Path and version of the first Node that is new enough."""
    places = [configured] if configured else [path for place in NODE_PLACES for path in sorted(glob.glob(place))]
    if not configured and shutil.which("node"):
        places.append(shutil.which("node"))
    reasons = []
    for node in dict.fromkeys(places):
        version = version_of(node, environment)
        if isinstance(version, str):
            reasons.append(version)
        elif version < OLDEST_NODE:
            reasons.append("%s is version %d.%d" % ((node,) + version))
        else:
            return node, version
    raise Refusal("no Node %d or newer: %s; install one that this router lets run, or name it in qkd-macsec.conf"
                  % (OLDEST_NODE[0], "; ".join(reasons) or "none in %s" % ", ".join(NODE_PLACES + ("PATH",))))


def hardening_flags(version):
    """The flags that this version knows: those whose first version in the same or an earlier line has passed."""
    return [flag for flag, firsts in HARDENING
            if any(version >= first and (version[0] == first[0] or first == firsts[-1]) for first in firsts)]


def start(words):
    """Becomes the program; returns only by Refusal."""
    # What Node and the loader read from the environment could undo the flags.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NODE_", "LD_"))}
    program = program_arguments(words)
    ckn = None if words else heard_ckn()
    if ckn:
        program.append("--heard-ckn=" + ckn)
    settings = read_settings()
    artifact = find_artifact(settings.get("artifact"))
    if "inventory" in settings and not any(word.startswith("--inventory=") for word in program):
        program.append("--inventory=" + settings["inventory"])
        if is_there(settings["inventory"]) and not os.access(settings["inventory"], os.R_OK):
            raise wrong_user(settings["inventory"])
    node, version = find_node(settings.get("node"), environment)
    flags = hardening_flags(version) + settings.get("flags", "").split()
    try:
        os.execve(node, [node] + flags + [artifact] + program, environment)
    except OSError as error:
        raise Refusal("%s does not start (%s): check that the router lets it run" % (node, error.strerror)) from error


def main():
    """Exit status, when the program was not started."""
    try:
        start(sys.argv[1:])
    except Refusal as refusal:
        text = str(refusal)
    except Exception as error:  # a settings file that cannot be read, a user without an entry
        text = "%s: %s" % (type(error).__name__, error)
    line = re.sub(r"[^ -~]+", " ", text)
    if syslog:
        syslog.openlog("qkd-macsec", syslog.LOG_PID, syslog.LOG_DAEMON)
        syslog.syslog(syslog.LOG_ERR, line)
    try:
        print("qkd-macsec: " + line, file=sys.stderr)
    except OSError:  # nobody is left to read it: syslog has it
        pass
    return 2


if __name__ == "__main__":
    sys.exit(main())
