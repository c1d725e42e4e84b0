#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every command in every state of a recorded kernel.

states/*.rec are kernels: nothing loaded, nothing attached, a snapshot taken, its
area low, overflowed, and so on. Whatever is printed is parsed: a document fits its
schema, with no member that the schema does not name; a failure ends in its status,
one line on stderr and, with -j, an error document.

usage: test_output.py BLKSNAP SCHEMA-FOLDER
"""
import functools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

import jsonschema

HERE = os.path.dirname(os.path.realpath(__file__))
STATES = os.path.join(HERE, 'states')
BLKSNAP, SCHEMAS = map(os.path.realpath, sys.argv[1:3])
GENERATION = '01020304-0506-0708-090a-0b0c0d0e0f10'
DECLARED = os.path.join(HERE, 'declared')
BACKUP = os.path.join(HERE, 'declared', 'backup')
OTHER = '01020304-0506-0708-090a-0b0c0d0e0fff'

READING = [
    'info', 'status', 'version', 'schema', 'device list', 'device show vdb',
    'device show 254:16', 'snapshot list', 'snapshot show nightly', 'area list',
    'area list nightly', 'area show nightly', 'image list', 'image path nightly',
    'image path nightly vdb', 'cbt info vdb', f'cbt export vdb --since {GENERATION}:2',
    f'cbt export vdb --since {OTHER}:2', f'cbt check vdb --since {GENERATION}:2',
    'stat 1 1', 'monitor --now', 'schema snapshot.list',
    '-n device attach vdb', '-n device detach vdb vdc', '-n snapshot destroy nightly',
    '-n snapshot rename nightly other', '-n area set nightly --low 10%',
    '-n area extend nightly vdd', '-n area remove nightly vdc:0+4K',
    '-n snapshot create other -d vdd -a vdc:0+64M zram:64M',
    '-n cbt mark vdb 0+4K', 'snapshot destroy nope --if-exists', 'check', 'check nightly',
    'report', 'doctor', 'wait state=taken nightly --timeout 20ms', 'wait fill>=0 --timeout 20ms',
]
READING += [
    '-n run -d vdb -a vdd -- true', 'area list --sample 500ms', 'snapshot list --sample 500ms', 'area list --sample 10s', 'hooks list',
    'hooks test good', '-p snapshot show nightly', '-q -n device attach vdb',
    f'-n apply {DECLARED}/nightly.conf', f'-n apply {DECLARED}/more.conf --prune',
    '-n snapshot create nightly -d vdb -a vdc --if-missing', 'check --warn ttfull<1h',
    '-u si area show nightly', 'image show /dev/blksnap3',
    'image wait nightly --timeout 20ms', '-n image release /dev/blksnap3 0+4K',
    'cbt reset vdb', 'device list --all', 'status vdb nightly', 'status --sample 500ms',
    f'snapshot plan -d vdb --since {BACKUP}',
]
READING += [
    'metrics', 'help', 'help snapshot create', '--help', 'snapshot --help', '-p area list --help',
    'completion bash', 'schema common', '--version', '-V',
]
WRONG = [
    'nonsense', 'snapshot', 'snapshot show', 'snapshot show a b', 'info --what',
    'snapshot create x', 'snapshot create x -d vdb', 'stat 0', 'stat 1 0',
    'snapshot create x -d vdb -a vdc --low 200%', 'area set nightly --grace 5',
    'device attach vdb --cell 5K', 'cbt export vdb', 'cbt export vdb --since 5',
    f'cbt export vdb --since {GENERATION}:1 --format what', 'info -H',
    'snapshot list -S wrong', '-j snapshot list -o help', 'snapshot list -o wrong', 'snapshot list --sort wrong',
    'info -u what', 'cbt mark vdb 5', 'info -n', 'completion tcsh', '--batch',
    'snapshot list --batch x', 'snapshot list -q', 'info --color what',
    'monitor --since x', 'monitor --since 1:', 'area list --sample 1h', 'area list --sample 10001ms', 'check --sample 1ms',
    'apply', 'hooks test', 'hooks test .', f'apply {STATES}/taken.rec', 'apply --prune /dev/null',
    'snapshot create x -d vdb -a file:/x,size=1GB', 'snapshot list --sel x',
    'image show', 'image release nightly 0+4K', 'image release /dev/blksnap3',
    'image path /dev/blksnap3 vdb', 'image wait nightly --timeout 5', 'status --sample 1ms',
    'wait --any fill>5 nightly', f'apply --prune --atomic {DECLARED}/nightly.conf',
    'snapshot create x -d vdd -d vdd -a vdc', '-n snapshot create x -d vda -d vda1 -a vdc',
    'snapshot plan -d vdb', f'snapshot plan -d vdb --since {STATES}/taken.rec',
    f'snapshot plan -d vdb --since {BACKUP} --sample 1s', 'snapshot plan --for 0s -d vdb',
    'snapshot plan', 'autogrow --area vdd --grace 1h', 'autogrow', 'autogrow --area zram:1M',
    'cbt reset', '--atomic --keep-going --batch /dev/null', 'snapshot list --atomic',
]
# (state, command, status); each status at least once
STATUS = [
    ('empty', 'info', 0),
    ('empty', 'device detach vdb', 0),
    ('taken', 'snapshot rename nightly nightly', 0),
    ('taken', 'area set nightly --grace 2s', 0),
    ('refusing', 'cbt mark vdb 0+4K', 1),
    ('empty', 'nonsense', 2),
    ('empty', 'snapshot show nope', 3),
    ('empty', 'device show vdb', 3),
    ('empty', 'device attach vdz', 3),
    ('refusing', 'snapshot destroy nightly', 4),
    ('refusing', 'snapshot create nightly -d vdd -a vdc', 4),
    ('refusing', 'device detach vdb', 4),
    ('refusing', 'area extend nightly vdd', 4),
    ('refusing', 'area remove nightly vdc', 4),
    ('taken', 'device attach vdb --cell 4K', 4),
    ('refusing', 'device attach vdd', 5),
    ('taken', f'cbt export vdb --since {OTHER}:2', 7),
    ('taken', f'cbt check vdb --since {OTHER}:2', 7),
    ('overflow', 'image path nightly', 7),
    ('overflow', 'image wait nightly', 7),
    ('taken', 'image wait nightly vdb', 0),
    ('empty', 'image wait nightly --timeout 20ms', 8),
    ('absent', 'image wait nightly', 9),
    ('empty', 'image show nightly', 3),
    ('taken', 'image show /dev/blksnap9', 3),
    ('taken', 'image show /dev/blksnap/nightly/vdb', 0),
    ('taken', 'snapshot show blksnap3p1', 0),
    ('taken', 'status nope', 3),
    ('taken', 'area remove nightly vdd', 3),
    ('taken', 'area remove nightly vdd --if-exists', 0),
    ('taken', 'area remove nightly vdd:0+64M --if-exists', 0),
    ('taken', '-n area remove nightly vdd:0+64M', 3),
    ('taken', f'snapshot plan -d vdb --since {BACKUP} --for 1h', 0),
    ('taken', f'snapshot plan -d vdd --since {BACKUP}', 3),
    ('taken', f'snapshot plan -d vdc --since {BACKUP}', 7),
    ('taken', 'status 3f2b', 0),
    ('taken', 'cbt reset vdb', 4),
    ('tracked', '-n cbt reset vdb', 0),
    ('empty', 'cbt reset vdb', 3),
    ('failed', 'image path nightly', 7),
    ('absent', 'status', 9),
    ('absent', 'snapshot create x -d vdd -a vdc', 9),
    ('absent', 'monitor --now', 9),
    ('empty', 'device detach vdb nonsense', 10),
    ('ends', 'monitor', 11),
    ('../transcripts/leaving', 'stat 1', 11),
    ('../transcripts/streams', 'monitor', 11),
    ('ends', 'monitor --stats 100ms', 11),
    ('../transcripts/growing', 'autogrow --area vdd', 11),
    ('../transcripts/growing', 'autogrow --area vdb', 11),
    ('taken', f'--batch {DECLARED}/lines', 10),
    ('taken', f'--keep-going --batch {DECLARED}/lines', 10),
    ('full', 'snapshot create x -d vdd -a vdc', 6),
    ('taken', 'wait state=failed nightly --timeout 50ms', 8),
    ('low', 'check --crit fill>=99', 13),
    ('overflow', 'check', 14),
    ('slow', 'snapshot create x -d vdd -a vdc --timeout 50ms', 8),
    ('taken', 'device attach vdb', 0),
    ('taken', 'device attach vdb --fail-if-exists', 4),
    ('taken', 'area extend nightly vdc', 0),
    ('taken', 'area extend nightly vdc:512M+1G', 4),
    ('taken', 'snapshot create nightly -d vdb -a vdd --if-missing', 0),
    ('taken', 'snapshot create nightly -d vdd -a vdc --if-missing', 4),
    ('taken', 'snapshot create nightly -d vdb -d vdd -a vdc --if-missing', 4),
    ('overflow', 'snapshot create nightly -d vdb -a vdd --if-missing', 7),
    ('taken', f'apply {DECLARED}/nightly.conf', 0),
    ('refusing', f'apply {DECLARED}/more.conf', 5),
    ('overflow', f'apply {DECLARED}/nightly.conf', 7),
    ('taken', 'apply /nowhere', 3),
    ('taken', '--batch /nowhere', 3),
    ('empty', 'snapshot create x -d vdd -a vdc --hook bad', 12),
    ('empty', 'hooks test bad', 12),
    ('empty', 'hooks test nope', 3),
    ('works', 'snapshot create x -d vdb -a vdd --hook after', 12),
    ('works', 'snapshot create x -d vdb -a vdd', 0),
    ('works', 'run -d vdb -a vdd -- true', 0),
    ('empty', 'run -d nonsense -a vdd -- true', 125),
    ('works', 'run -d vdb -a vdd --hook bad -- true', 125),
    ('works', 'run -d vdb -a vdd --hook after -- true', 125),
    ('works', 'run -d vdb -a vdd -- /etc/passwd', 126),
    ('works', 'run -d vdb -a vdd -- no-such-command', 127),
]

# Interrupted: status 130, and nothing is left of it.
INTERRUPTED = [
    ('slow', 'snapshot create x -d vdd -a vdc'),
    ('empty', 'snapshot create x -d vdd -a vdc --hook slow'),
    ('taken', 'area extend nightly vdd'),
    ('works', 'device attach vdd vdb'),
    ('works', 'device detach vdb vdd'),
    ('works', 'run -d vdb -a vdd -- sleep 1000'),
    ('empty', f'apply {DECLARED}/nightly.conf'),
    ('empty', 'hooks test slow'),
]

# What nohup(1), or a shell for what it starts in the background, has it ignore.
IGNORED = [
    ('works', 'snapshot create x -d vdb -a vdd'),
    ('works', 'run -d vdb -a vdd -- true'),
    ('empty', 'hooks test good'),
    ('taken', 'area extend nightly vdc'),
]

# As the plugin interface wants it: 3 is "unknown", a mistake in the line, too.
NAGIOS = [('', 0), ('--warn fill>=10', 1), ('--crit fill>=10', 2), ('nope', 3),
          ('--warn wrong', 3), ('--what', 3), ('--warn', 3), ('-H', 3)]

failures = 0
count = 0


def make_surroundings(folder):
    """Hooks, settings, and a folder for what commands note."""
    for name, body in (('good', ''), ('bad', 'exit 3'), ('slow', '[ "$1" != pre-freeze ] || sleep 1000'),
                       ('after', '[ "$1" != post-thaw ]')):
        path = os.path.join(folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'#!/bin/sh\n{body}\n')
        os.chmod(path, 0o755)
    conf = os.path.join(folder, '.conf')
    with open(conf, 'w', encoding='utf-8') as file:
        file.write(f'hooks-dir = {folder}\nhook-deadline.slow = 5m\n')
    os.environ['BLKSNAP_CONF'] = conf
    os.environ['BLKSNAP_RUN_DIR'] = os.path.join(folder, '.run')


def report(name, problems):
    global failures, count
    count += 1
    print(('not ok' if problems else 'ok'), count, '-', name, flush=True)
    for problem in problems:
        print('#', problem)
    failures += bool(problems)


@functools.lru_cache(maxsize=None)
def run(state, command, *options):
    env = dict(os.environ, TZ='UTC', LC_ALL='C.UTF-8', BLKSNAP_SCHEMA_DIR=SCHEMAS)
    path = os.path.join(STATES, state + '.rec')
    words = [BLKSNAP, *options, '--source', path, *command.split()]
    done = subprocess.run(words, capture_output=True, env=env, timeout=120, check=False,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr.decode('utf-8', 'replace')


def strict(schema):
    """A copy in which an object has no member that is not named."""
    if isinstance(schema, dict):
        schema = {k: strict(v) for k, v in schema.items()}
        if 'properties' in schema:
            schema['additionalProperties'] = False
    elif isinstance(schema, list):
        schema = [strict(v) for v in schema]
    return schema


def load_schemas():
    schemas = {}
    for name in os.listdir(SCHEMAS):
        with open(os.path.join(SCHEMAS, name), encoding='utf-8') as file:
            schemas[name] = strict(json.load(file))
        jsonschema.Draft202012Validator.check_schema(schemas[name])
    return schemas


SCHEMA = load_schemas()


def no_constant(text):
    raise ValueError(f'{text} is not JSON')


def check_document(text):
    """What is wrong with a document, if anything."""
    try:
        document = json.loads(text, parse_constant=no_constant)
    except ValueError as why:
        return None, [f'no JSON: {why}: {text[:200]!r}']
    if '$schema' in document:
        return document, []
    schema_id = document.get('schema', '')
    match = re.fullmatch(r'blksnap\.([a-z.]+)/[0-9]+', schema_id)
    if not match or match[1] + '.json' not in SCHEMA:
        return document, [f'no schema for "{schema_id}" in cli/schema']
    schema = SCHEMA[match[1] + '.json']
    resolver = jsonschema.RefResolver(match[1] + '.json', schema, store=SCHEMA)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    problems = [f'{schema_id}: {"/".join(map(str, e.absolute_path))}: {e.message[:200]}'
                for e in validator.iter_errors(document)]
    if schema_id == 'blksnap.batch/1' and document['result']:
        problems += check_document(json.dumps(document['result']))[1]
    return document, problems


def is_answer(status):
    """of check: a warning, or critical"""
    return status in (0, 13, 14)


# Of these, there is always something to be done.
ADVISED = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)


def check_stderr(status, err):
    problems = []
    status = 0 if is_answer(status) else status
    if status and not re.fullmatch(r'(blksnap: [^\n]+\n)+', err):
        problems.append(f'stderr: {err!r}')
    if status in ADVISED and not all('; ' in line for line in err.splitlines()):
        problems.append(f'stderr does not say what to do: {err!r}')
    if not status and err:
        problems.append(f'stderr although all went well: {err!r}')
    return problems


def check_json(state, command):
    status, out, err = run(state, command, '-j')
    stream = re.search('^(stat |monitor|autogrow|.*--batch .*/lines)', command)
    text = out.decode('utf-8', 'strict')
    parts = text.splitlines() if stream else [text]
    problems = check_stderr(status, err)
    if not text:
        return problems + ['nothing on stdout']
    for part in parts:
        document, wrong = check_document(part)
        problems += wrong
    # of run, the status is that of env(1), and the document tells what was the matter
    if status and document and 'error' in document and ' run ' not in f' {command}' and \
            document['error']['exit'] != status:
        problems.append(f'status {status}, document says {document["error"]["exit"]}')
    if document and document.get('schema') == 'blksnap.batch/1':
        return problems  # each line has its own status
    said = document and [k for k in ('error', 'errors', 'hook_failed', 'command_exit')
                         if document.get(k)]
    if not is_answer(status) and document and not said:
        problems.append(f'status {status} without an error document')
    return problems


def check_text(state, command):
    status, out, err = run(state, command)
    problems = check_stderr(status, err)
    if re.search(rb'[\x00-\x08\x0b-\x1f]', out) and 'bitmap' not in command:
        problems.append(f'control characters: {out!r}')
    plain, want, err = run(state, command, '-j')
    if plain != status:
        problems.append(f'status {status}, with -j {plain}')
    return problems


def check_rows(state, command):
    """-H prints as many fields as there are columns, in each row."""
    problems = []
    _, listed, _ = run(state, command, '-o', 'help')
    columns = len(listed.splitlines()) - 1
    status, out, err = run(state, command, '-H', '-o', 'all')
    if status == 0:
        for line in out.split(b'\n')[:-1]:
            if len(line.split(b'\t')) != columns:
                problems.append(f'{columns} columns, but {line!r}')
    return problems + check_stderr(status, err)


def interrupted(state, command, does=signal.SIG_DFL, want=130):
    """A signal that is there already when the program begins, and waits."""
    def begin():
        signal.signal(signal.SIGINT, does)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        os.kill(os.getpid(), signal.SIGINT)

    path = os.path.join(STATES, state + '.rec')
    done = subprocess.run([BLKSNAP, '--source', path, *command.split()], check=False,
                          preexec_fn=begin, capture_output=True, timeout=120, text=True)
    problems = check_stderr(done.returncode, done.stderr)
    if done.returncode != want:
        problems.append(f'status {done.returncode}, not {want}: {done.stderr}')
    left = os.environ['BLKSNAP_RUN_DIR']
    if os.path.isdir(left) and os.listdir(left):
        problems.append(f'left: {os.listdir(left)}')
    return problems


def replaces_nothing(command, what):
    """--output FILE where there is something that is no file: it stays."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, what)
        (os.mkfifo if what == 'pipe' else os.mkdir)(path)
        before = os.stat(path)
        status, _, err = run('taken', f'{command} --output {path}')
        problems = check_stderr(status, err)
        if os.stat(path) != before or os.listdir(folder) != [what]:
            problems.append('it was replaced')
        if status != 2 or 'is no regular file' not in err:
            problems.append(f'status {status}: {err}')
        return problems


def tells_of_output(command):
    """With -j, what went to --output FILE is told by a document."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'file')
        status, out, err = run('taken', f'{command} --output {path}', '-j')
        document, problems = check_document(out.decode())
        problems += check_stderr(status, err)
        want = (None, path, os.path.getsize(path))
        if document and tuple(map(document.get, ('text', 'output', 'output_bytes'))) != want:
            problems.append(f'{document}')
        return problems + ([] if status == 0 else [f'status {status}'])


def bitmaps():
    """Changes at 1M+256K and 4M+64K, a bit for each cell or block, the lowest bit first."""
    export = f'cbt export vdb --since {GENERATION}:2 --format bitmap'
    for options, want in (('', {16, 17, 18, 19, 64}), (' --block 1M', {1, 4}),
                          (' --block 128K', {8, 9, 32})):
        status, out, err = run('taken', export + options)
        got = {8 * i + bit for i, byte in enumerate(out) for bit in range(8) if byte >> bit & 1}
        size = {'': 2048, ' --block 1M': 128, ' --block 128K': 1024}[options]
        report(f'bitmap{options}', [] if not status and got == want and len(out) == size
               else [f'{status} {len(out)} bytes, {got} {err}'])


def main():
    states = sorted(f[:-4] for f in os.listdir(STATES) if f.endswith('.rec'))
    for state in states:
        for command in READING:
            report(f'{state}: {command}',
                   check_json(state, command) + check_text(state, command))
        for command in ('device list', 'snapshot list', 'area list', 'image list',
                        'stat 1 1', 'hooks list'):
            report(f'{state}: rows of {command}', check_rows(state, command))
    for command in WRONG:
        status, _, err = run('taken', command)
        problems = check_stderr(status, err)
        problems += check_json('taken', command)
        if status != 2:
            problems.append(f'status {status}, not 2')
        report(f'wrong: {command}', problems)
    for state, command, want in STATUS:
        status, _, err = run(state, command)
        problems = check_json(state, command)
        if status != want:
            problems.append(f'status {status}, not {want}: {err}')
        report(f'status {want}: {state}: {command}', problems)
    for state, command in INTERRUPTED:
        report(f'interrupted: {state}: {command}', interrupted(state, command))
    for state, command in IGNORED:
        report(f'ignoring the signal: {state}: {command}',
               interrupted(state, command, signal.SIG_IGN, 0))
    for options, want in NAGIOS:
        status, out, _ = run('taken', 'check --nagios ' + options)
        report(f'nagios: {options}', [] if status == want and out.startswith(b'BLKSNAP ')
               else [f'status {status}, not {want}: {out!r}'])
    for name in ('pipe', 'folder'):
        for command in ('metrics', 'report'):
            report(f'{command} replaces no {name}', replaces_nothing(command, name))
    for command in ('metrics', 'report'):
        report(f'{command} tells where it went', tells_of_output(command))
    bitmaps()
    _, out, _ = run('empty', 'schema', '-j')
    names = json.loads(out)['schemas']
    for name in names:
        report(f'schema {name}',
               [] if name + '.json' in SCHEMA else [f'cli/schema/{name}.json is missing'])
    report('schemas are all listed', [f'{f} is not' for f in SCHEMA if f[:-5] not in names])
    report('schemas are listed as text', [] if run('empty', 'schema')[1].decode().split() == names
           else ['others'])
    print(f'1..{count}')
    return 1 if failures else 0


with tempfile.TemporaryDirectory() as surroundings:
    make_surroundings(surroundings)
    sys.exit(main())
