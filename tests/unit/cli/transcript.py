#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Transcripts: commands, what they print, how they end.

transcripts/NAME.t is a list of steps,

    $ blksnap snapshot show nope
    ! blksnap: snapshot show: nope: no snapshot of that name or UUID; ...
    ? 3

a command after "$", its stdout, its stderr after "!", and its status after "?" if
that is not 0. "{...}" in what is expected fits anything but a blank, "{......}"
anything. Without a kernel, step N runs over the recording transcripts/NAME.N.rec, or
all steps over the one that a line "# over FILE" names; such a transcript is of that
recording alone, with the hooks "good" and "bad", and files named from this folder; a
line "# at MACHINE" says which of MACHINES the doctor examines. With --real against the module, in order, where "$$" is a command that is not
blksnap, run only there. --record writes the recordings again.

usage: transcript.py BLKSNAP [--real] [--record] FILE...
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

# Files of machines: one on which all is well, and one without the module.
WELL = {
    '/etc/os-release': 'ID=some\nPRETTY_NAME="Some Linux"\n',
    '/proc/sys/kernel/osrelease': '6.1.0-x\n',
    '/proc/sys/kernel/ftrace_enabled': '1\n',
    '/usr/lib/udev/rules.d/10-blksnap.rules': '',
    '/dev/loop-control': '',
    '/sys/module/blksnap/version': '1.0\n',
}
BARE = {path: WELL[path] for path in list(WELL)[:3]}
MACHINES = {'well': WELL, 'bare': BARE}

HERE = os.path.dirname(os.path.realpath(__file__))


def steps_of(path):
    steps = []
    with open(path, encoding='utf-8') as file:
        for line in file.read().splitlines():
            if not steps and not line.startswith('$'):
                continue
            if line.startswith('$'):
                steps.append({'real': line.startswith('$$'), 'out': [], 'err': [],
                              'status': 0, 'line': line.lstrip('$ ')})
            elif line.startswith('! '):
                steps[-1]['err'].append(line[2:])
            elif line.startswith('? '):
                steps[-1]['status'] = int(line[2:])
            else:
                steps[-1]['out'].append(line)
    return steps


def said_of(path, word):
    """What a line "# WORD ..." of a transcript says, if there is one."""
    with open(path, encoding='utf-8') as file:
        match = re.search(f'^# {word} (.*)$', file.read(), re.M)
    return match and match[1]


def over_of(path):
    over = said_of(path, 'over')
    return over and os.path.join(os.path.dirname(path), over)


def fits(want, got):
    parts = re.split(r'(\{\.+\})', want)
    regex = ''.join({'{...}': r'\S+', '{......}': '.*'}.get(p, re.escape(p)) for p in parts)
    return re.fullmatch(regex, got.rstrip()) is not None


def compare(what, want, got):
    got = [line.rstrip() for line in got.splitlines()]
    want = [line.rstrip() for line in want]
    while want and not want[-1]:
        want.pop()
    while got and not got[-1]:
        got.pop()
    if len(want) == len(got) and all(map(fits, want, got)):
        return []
    return [f'{what}, wanted:', *('  ' + w for w in want), 'got:', *('  ' + g for g in got)]


def make_surroundings(folder):
    for name, body in (('good', 'exit 0'), ('bad', 'exit 3')):
        path = os.path.join(folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'#!/bin/sh\n{body}\n')
        os.chmod(path, 0o755)
    for machine, files in MACHINES.items():
        for path, text in files.items():
            path = os.path.join(folder, '.' + machine) + path
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
    conf = os.path.join(folder, '.conf')
    with open(conf, 'w', encoding='utf-8') as file:
        file.write(f'hooks-dir = {folder}\nhook = good\nhook-deadline.bad = 2m\n')
    return {'BLKSNAP_CONF': conf, 'BLKSNAP_RUN_DIR': os.path.join(folder, '.run'),
            'BLKSNAP_SCHEMA_DIR': os.path.join(HERE, '..', '..', '..', 'cli', 'schema')}


def main(surroundings):
    arguments = sys.argv[1:]
    real = '--real' in arguments
    record = '--record' in arguments
    blksnap, *files = [os.path.realpath(a) for a in arguments if not a.startswith('--')]
    more = make_surroundings(surroundings)
    count = failures = 0
    for path in files:
        over = over_of(path)
        if over and real:
            continue
        machine = said_of(path, 'at')
        if machine:
            more['BLKSNAP_ROOT'] = os.path.join(SURROUNDINGS, '.' + machine)
        else:
            more.pop('BLKSNAP_ROOT', None)
        for number, step in enumerate(steps_of(path), 1):
            recording = over or f'{path[:-2]}.{number}.rec'
            words = shlex.split(step['line'])
            if step['real'] and not real:
                continue
            if not step['real']:
                words[0] = blksnap
                if record:
                    words[1:1] = ['--record', recording]
                elif not real:
                    words[1:1] = ['--source', recording]
            env = dict(os.environ, TZ='UTC', LC_ALL='C.UTF-8', **(more if over else {}))
            done = subprocess.run(words, capture_output=True, text=True, env=env,
                                  timeout=600, check=False, cwd=HERE)
            problems = []
            if done.returncode != step['status']:
                problems.append(f'status {done.returncode}, not {step["status"]}')
            problems += compare('stdout', step['out'], done.stdout)
            problems += compare('stderr', step['err'], done.stderr)
            count += 1
            failures += bool(problems)
            print('not ok' if problems else 'ok', count, '-',
                  os.path.basename(path), step['line'], flush=True)
            for problem in problems:
                print('#', problem)
    print(f'1..{count}')
    return 1 if failures else 0


with tempfile.TemporaryDirectory() as SURROUNDINGS:
    sys.exit(main(SURROUNDINGS))
