#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages say what the program does.

Each command has its synopsis, as its own help prints it, and its options in one
page; the pages are sound roff; their examples work over a recorded kernel; the
statuses listed are those of the program.

usage: test_manual.py BLKSNAP PAGE...
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
BLKSNAP, *PAGES = map(os.path.realpath, sys.argv[1:])
STATE = os.path.join(HERE, 'states', 'taken.rec')
# Their examples are stories, for a machine of their own.
STORIES = ('blksnap.8', 'blksnap-past.8', 'blksnap-nbd.8')
count = failures = 0


def report(name, problems):
    global count, failures
    count += 1
    failures += bool(problems)
    print('not ok' if problems else 'ok', count, '-', name)
    for problem in problems:
        print('#', problem)


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=120,
                          check=False, stdin=subprocess.DEVNULL, **more)


def plain(page):
    """A page as text in one long line per paragraph."""
    env = dict(os.environ, LC_ALL='C.UTF-8', MANWIDTH='400')
    done = run(['man', '--warnings', '--nh', '--nj', '-E', 'UTF-8', '-l', page], env=env)
    return re.sub('.\b', '', done.stdout).replace('‐', '-').replace('−', '-'), done.stderr


def squeeze(text):
    return ' '.join(text.split())


def alone():
    """Where no generic netlink is, no device node, and nothing to be allowed."""
    words = ['unshare', '--user', '--net', '--mount', '--pid', '--fork']
    return words if run([*words, 'true']).returncode == 0 else []


ALONE = alone()


def bare_help(name):
    return run([*ALONE, BLKSNAP, *name, '--help'], env={}, cwd='/')


def source(*path):
    with open(os.path.join(HERE, '..', '..', '..', *path), encoding='utf-8') as file:
        return file.read()


def statuses(texts):
    """Each status that is listed is provoked by test_output.py."""
    page = source('doc', 'man', 'blksnap-exit.7.in')
    listed = {int(n) for n in re.findall(r'^([0-9]+)@', page, re.M)} | {125, 126, 127}
    test = source('tests', 'unit', 'cli', 'test_output.py')
    provoked = {int(n) for n in re.findall(r"^    \(.*, ([0-9]+)\),$", test, re.M)}
    if 'INTERRUPTED = [' in test:
        provoked.add(130)
    report('every status is provoked', [f'{n} is not' for n in sorted(listed - provoked)] +
           [f'{n} is not listed' for n in sorted(provoked - listed)])


def findings(everything):
    ids = set(re.findall(r'"(D[0-9]{3})"', source('cli', 'doctor.c')))
    report('every finding is explained', [f'{i} is not' for i in sorted(ids)
                                          if i not in everything and not 'D001' <= i <= 'D005'])


def nf_blocks(page):
    """What stands between .nf and .fi, as it is shown."""
    text = source('doc', 'man', page)
    return [re.sub(r'\\&', '', block).replace('\\-', '-').replace('\\e', '\\')
            for block in re.findall(r'^\.nf\n(.*?)^\.fi$', text, re.M | re.S)]


def blocks():
    """Files and scripts in the pages are what they say."""
    state = os.path.join(HERE, 'transcripts', 'manual.rec')
    declared, settings = nf_blocks('blksnap.conf.5')
    (hook,) = nf_blocks('blksnap-hooks.7.in')
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'file')
        for name, text, words, conf in (
                ('declared state', declared, [BLKSNAP, '--source', state, '-n', 'apply', path], '/dev/null'),
                ('settings', settings, [BLKSNAP, '--source', state, 'check'], path),
                ('skeleton of a hook', hook, ['sh', '-n', path], path)):
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            done = run(words, env=dict(os.environ, BLKSNAP_CONF=conf))
            report(name, [] if done.returncode == 0 and not done.stderr else [done.stdout, done.stderr])


def main():
    texts = {}
    for page in PAGES:
        texts[page], wrong = plain(page)
        report(os.path.basename(page) + ' is sound', wrong.splitlines())
    everything = squeeze(' '.join(texts.values()))
    listing = run([BLKSNAP, '--help']).stdout.split('\nOptions')[0]
    for line in listing.splitlines():
        if not line.startswith('  ') or line.startswith('   '):
            continue
        words = line.split()
        name = [words[0]]
        if len(words) > 1 and re.fullmatch('[a-z-]+', words[1]) and \
                run([BLKSNAP, *words[:2], '--help']).stdout.startswith(
                    'Usage: blksnap ' + ' '.join(words[:2])):
            name = words[:2]
        usage = run([BLKSNAP, *name, '--help']).stdout
        synopsis = squeeze(usage.split('\n\n')[0].replace('Usage: ', ''))
        problems = [] if synopsis in everything else [f'no page has: {synopsis}']
        about = squeeze(usage.split('\n\n')[1])
        if about not in everything:
            problems.append(f'no page says: {about}')
        for option in re.findall(r'^ .{4} (--[a-z-]+.*?)(?:  |$)', usage, re.M):
            if squeeze(option) not in everything:
                problems.append(f'no page has: {option}')
        bare = bare_help(name)
        if bare.returncode or bare.stdout != usage or bare.stderr:
            problems.append(f'without anything: {bare.returncode} {bare.stderr}')
        if '--columns' in usage:
            bare = run([*ALONE, BLKSNAP, *name, '-o', 'help'], env={}, cwd='/')
            if bare.returncode or not bare.stdout.startswith('COLUMN '):
                problems.append(f'-o help without anything: {bare.returncode} {bare.stderr}')
        report('synopsis of ' + ' '.join(name), problems)
    for page, text in texts.items():
        if os.path.basename(page) in STORIES:
            continue
        for example in re.findall(r'^ *# (.*)$', text, re.M):
            words = shlex.split(example)
            if words[0].startswith('/etc/'):
                continue  # the name of a file, whose lines follow
            done = run([BLKSNAP, '--source', STATE, *words[1:]])
            report(example, [] if words[0] == 'blksnap' and done.returncode == 0
                   else [done.stderr])
    statuses(texts)
    findings(everything)
    blocks()
    print(f'1..{count}')
    return 1 if failures else 0


sys.exit(main())
