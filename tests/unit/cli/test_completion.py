#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is offered to somebody who presses the tab key.

First what the program offers, then what becomes of a line in the shells themselves:
bash and zsh on a terminal of their own, fish by its command for that. A shell that is
not there is left out.

usage: test_completion.py BLKSNAP
"""
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
BLKSNAP = os.path.realpath(sys.argv[1])
LISTS = ['device list', 'snapshot list', 'area list', 'image list', 'hooks list', 'stat']

# (words, candidates); the last word is the one that is completed
OFFERED = [
    ('sna', 'snapshot'),
    ('snapshot list -o name,stat', 'name,state'),
    ('snapshot list -o state,stat', ''),
    ('stat -o he', 'held held_each held_now help'),
    ('stat -o name,he', 'name,held name,held_each name,held_now'),
    ('snapshot list -o al', 'all'),
    ('snapshot list --sort al', ''),
    ('area list --sort -fill,-us', '-fill,-used'),
    ('area list --sort -us', '-used'),
    ('area list --sort=-us', '--sort=-used'),
    ('snapshot list -S re', 'readers'),
    ('snapshot list -S to', 'total'),
    ('snapshot list -S state=ta', 'state=taking state=taken'),
    ('snapshot list --select=state!=ta', '--select=state!=taking --select=state!=taken'),
    ('snapshot list -S fill>', ''),
    ('device list -S keep=', 'keep=yes keep=no'),
    ('device list -S not(ke', 'not(keep'),
    ('info -o ', ''),
    ('wait ke', 'keep'),
    ('wait object=', 'object=snapshot object=device'),
    ('check --crit fill>90||inf', 'fill>90||inflight'),
    ('check -w tt', 'ttfull'),
    ('schema snapshot.s', 'snapshot.show'),
    ('schema blk', ''),
    ('help snapshot s', 'show'),
    ('help status s', ''),
    ('help snapshot show s', ''),
    ('area remove nightly v', 'vdc vdc:0+1G'),
    ('area remove nightly vdc /dev/', '/dev/vdc /dev/vdc:0+1G'),
    ('area remove nope v', ''),
    ('area remove n', 'nightly'),
    ('area extend nightly vdd', 'vdd'),
    ('--source=', '\t<files>'),
]

# (what is typed, what it is after a tab)
TYPED = [
    ('blksnap sna', 'blksnap snapshot '),
    ('blksnap snapshot show n', 'blksnap snapshot show nightly '),
    ('blksnap cbt export --format dd', 'blksnap cbt export --format ddrescue '),
    ('blksnap image path /dev/b', 'blksnap image path /dev/blksnap3 '),
    ('blksnap status v', 'blksnap status vdb '),
    ('blksnap snapshot list -o name,stat', 'blksnap snapshot list -o name,state '),
    ('blksnap area list --sort -fill,-us', 'blksnap area list --sort -fill,-used '),
    ('blksnap snapshot list --sort=na', 'blksnap snapshot list --sort=name '),
    ('blksnap snapshot list -S state=take', 'blksnap snapshot list -S state=taken '),
    ('blksnap check --warn fi', 'blksnap check --warn fill '),
    ('blksnap schema snapshot.li', 'blksnap schema snapshot.list '),
    ('blksnap help snapshot dest', 'blksnap help snapshot destroy '),
    ('blksnap area remove nightly vdc:', 'blksnap area remove nightly vdc:0+1G '),
    ('blksnap info --source a-f', 'blksnap info --source a-file '),
    ('blksnap info --source=a-f', 'blksnap info --source=a-file '),
    ("blksnap snapshot list -S 'level=low and rea", "blksnap snapshot list -S 'level=low and readers' "),
    ('blksnap wait "fill>5 and inf', 'blksnap wait "fill>5 and inflight" '),
]

# ^T shows the line, and empties it.
BASH = """
    . ./script
    PS1='$ '
    bind 'set bell-style none'
    blksnap() { "$BLKSNAP" "$1" --source "$STATE" "${@:2}"; }
    show() { printf '\\n<<%s>>\\n' "$READLINE_LINE"; READLINE_LINE=; }
    bind -x '"\\C-t": show'
    echo '<<''ready>>'
"""
ZSH = """
    autoload -Uz compinit
    compinit -u -D
    . ./script
    PS1='$ '
    blksnap() { "$BLKSNAP" "$1" --source "$STATE" "${@:2}" }
    show() { print; print -r -- "<<$BUFFER>>"; BUFFER= }
    zle -N show
    bindkey '^T' show
    echo '<<''ready>>'
"""
FISH = """
    function blksnap; $BLKSNAP $argv[1] --source $STATE $argv[2..]; end
    . ./script
    complete -C "$LINE"
"""

failures = 0
count = 0


def report(name, problems):
    global failures, count
    count += 1
    print(('not ok' if problems else 'ok'), count, '-', name, flush=True)
    for problem in problems:
        print('#', problem)
    failures += bool(problems)


def state(name):
    return os.path.join(HERE, 'states', name + '.rec')


def blksnap(over, *words):
    done = subprocess.run([BLKSNAP, '--source', state(over), *words], check=False, timeout=60,
                          capture_output=True, stdin=subprocess.DEVNULL)
    return (done.stdout + done.stderr).decode('utf-8', 'replace')


def offered(words, over='taken'):
    lines = blksnap(over, 'complete', '--', *words).splitlines()
    return [line if line == '\t<files>' else line.split('\t')[0] for line in lines]


def no_second_list(command):
    """What -o offers is what -o help lists."""
    words = command.split()
    listed = [line.split()[0] for line in blksnap('taken', *words, '-o', 'help').splitlines()[1:]]
    got = offered([*words, '-o', ''])
    report(f'columns of {command}',
           [] if listed and got == [*listed, 'help', 'all'] else [f'{listed} {got}'])


def all_explained(command):
    """What an expression can ask for is in the help, whose text is not made of the table."""
    said = set(re.findall(r'[a-z_]+', blksnap('taken', 'help', command)))
    fields = offered(['wait', ''])
    report(f'fields in the help of {command}',
           [f'{f} is not' for f in fields if f not in said] if fields else ['none are offered'])


def on_terminal(shell, arguments, surroundings, lines):
    """What becomes of each line in an interactive shell after a tab."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(surroundings['HOME'])
        os.execvpe(shell, [shell, *arguments], surroundings)
    seen = b''

    def shown(number):
        nonlocal seen
        while True:
            found = re.findall(rb'<<(.*?)>>\r?\n', seen)
            if len(found) >= number:
                return found[number - 1].decode()
            if not select.select([terminal], [], [], 60)[0]:
                raise TimeoutError(f'{shell} does not answer: {seen[-400:]!r}')
            seen += os.read(terminal, 65536)

    try:
        shown(1)
        got = []
        for number, line in enumerate(lines, 2):
            os.write(terminal, line.encode() + b'\t\x14')
            got.append(shown(number))
        return got
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def in_fish(surroundings, lines):
    """Its own command tells the words; a line is completed if there is one."""
    got = []
    for line in lines:
        before, quote, _ = re.fullmatch(r'(.*? )(?:(["\'])(.*)|[^ "\']*)', line).groups()
        done = subprocess.run(['fish', '--no-config', '-c', FISH], cwd=surroundings['HOME'],
                              env=dict(surroundings, LINE=line), text=True, check=False,
                              capture_output=True, timeout=120)
        words = [word.split('\t')[0] for word in done.stdout.splitlines()]
        quote = quote or ''
        got.append(f'{before}{quote}{words[0]}{quote} ' if len(words) == 1
                   else f'{words} {done.stderr}')
    return got


def in_shell(shell):
    if shutil.which(shell) is None:
        print(f'# there is no {shell}')
        return
    with tempfile.TemporaryDirectory() as folder:
        surroundings = dict(os.environ, HOME=folder, ZDOTDIR=folder, XDG_CONFIG_HOME=folder,
                            TERM='dumb', BLKSNAP=BLKSNAP, STATE=state('taken'))
        surroundings.pop('PROMPT_COMMAND', None)
        for name, text in (('script', blksnap('taken', 'completion', shell)), ('a-file', ''),
                           ('rc', BASH), ('.zshrc', ZSH)):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write(text)
        lines = [line for line, _ in TYPED]
        if shell == 'fish':
            got = in_fish(surroundings, lines)
        else:
            arguments = {'bash': ['--noprofile', '--rcfile', 'rc', '-i'], 'zsh': ['-d', '-i']}
            got = on_terminal(shell, arguments[shell], surroundings, lines)
    for (line, want), is_ in zip(TYPED, got):
        report(f'{shell}: {line}', [] if is_ == want else [f'wanted {want!r}', f'got {is_!r}'])


def main():
    for words, want in OFFERED:
        got = offered(words.split(' '))
        report(words, [] if got == want.split(' ')[:len(want)] else [f'wanted {want}, got {got}'])
    for command in LISTS:
        no_second_list(command)
    all_explained('wait')
    all_explained('check')
    out = blksnap('odd', 'complete', '--', 'device', 'show', 'c')
    report('odd names', [] if re.fullmatch(r'[^\x00-\x1f]+\t[^\x00-\x1f]+\n', out) else [repr(out)])
    report('quiet without a module',
           [] if not offered(['area', 'remove', 'nightly', ''], 'absent') else ['not quiet'])
    for shell in ('bash', 'zsh', 'fish'):
        in_shell(shell)
    print(f'1..{count}')
    return 1 if failures else 0


sys.exit(main())
