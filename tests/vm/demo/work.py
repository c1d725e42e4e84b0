#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""work - programs that never stop working, and the judge of what an image kept of it.

usage: work.py run JOURNALS DOCUMENTS PICTURES                until SIGTERM
       work.py judge JOURNALS DOCUMENTS PICTURES SINCE UNTIL

Four programs work. Each writes to a journal, away from the devices, what it
begins and what it has been told is done:

  ledger     transfers money between accounts in DOCUMENTS/accounts.db
  documents  writes, changes, renames and deletes files in DOCUMENTS/inbox
  pictures   does so in PICTURES/inbox
  notes      writes number n to DOCUMENTS/note, and then to PICTURES/note

The judge looks at the same folders as an image shows them. SINCE and UNTIL
are the times (of /proc/uptime) between which the instant lies: everything
done before SINCE must be there, nothing begun after UNTIL may be. It prints
"ok" or "no", a tab and a sentence for each comparison.
"""
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import zlib

ACCOUNTS, BALANCE = 100, 1000
SLOTS = 40
PAUSE = 0.05
stopping = False


class Journal:
    def __init__(self, folder, name):
        self.fd = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, *words):
        line = "%.6f %s\n" % (time.monotonic(), " ".join(map(str, words)))
        os.write(self.fd, line.encode())


def read_journal(folder, name, since, until):
    """The operations begun, how many were done at SINCE, how many begun at UNTIL."""
    begun, done, started = [], 0, 0
    with open(os.path.join(folder, name)) as lines:
        for line in lines:
            words = line.split()
            when, number = float(words[0]), int(words[2])
            if words[1] == "begin":
                begun.append(words[3:])
                if when <= until:
                    started = number
            elif when < since:
                done = number
    return begun, done, started


# ---- the programs --------------------------------------------------------------


def rounds():
    number = 0
    while not stopping:
        number += 1
        yield number
        time.sleep(PAUSE)


def ledger(journal, documents):
    base = sqlite3.connect(os.path.join(documents, "accounts.db"), isolation_level=None)
    base.execute("PRAGMA synchronous = FULL")
    for number in rounds():
        payer, payee = random.sample(range(ACCOUNTS), 2)
        amount = random.randrange(1, 100)
        journal.write("begin", number)
        base.execute("BEGIN IMMEDIATE")
        base.execute("UPDATE account SET balance = balance - ? WHERE id = ?", (amount, payer))
        base.execute("UPDATE account SET balance = balance + ? WHERE id = ?", (amount, payee))
        base.execute("INSERT INTO transfer VALUES (?, ?, ?, ?)", (number, payer, payee, amount))
        base.execute("COMMIT")
        journal.write("done", number)


def found_ledger(documents):
    base = sqlite3.connect(os.path.join(documents, "accounts.db"))
    base.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER)")
    base.execute("CREATE TABLE transfer (number INTEGER PRIMARY KEY, payer, payee, amount)")
    base.executemany("INSERT INTO account VALUES (?, ?)", ((i, BALANCE) for i in range(ACCOUNTS)))
    base.commit()
    base.close()


def content(number, size):
    """What operation NUMBER writes: it can be told from the first line alone."""
    body = b"%d %d\n" % (number, size)
    body += random.Random(number).randbytes(512) * (size // 512 + 1)
    body = body[:size - 4]
    return body + zlib.crc32(body).to_bytes(4, "big")


def clerk(journal, inbox):
    files = {}
    for number in rounds():
        slot = "letter-%02d" % random.randrange(SLOTS)
        path = os.path.join(inbox, slot)
        if slot not in files:
            verb = "write"
        else:
            verb = random.choice(("write", "change", "change", "rename", "delete"))
        if verb == "write":
            files[slot] = random.randrange(64, 48 * 1024)
            journal.write("begin", number, verb, slot, files[slot])
            with open(path + ".new", "wb") as out:
                out.write(content(number, files[slot]))
            os.rename(path + ".new", path)
        elif verb == "change":
            # in place, in one write, which a frozen file system has or has not
            journal.write("begin", number, verb, slot, files[slot])
            fd = os.open(path, os.O_WRONLY)
            os.pwrite(fd, content(number, files[slot]), 0)
            if number % 4 == 0:
                os.fsync(fd)
            os.close(fd)
        elif verb == "rename":
            other = "letter-%02d" % random.randrange(SLOTS)
            journal.write("begin", number, verb, slot, other)
            os.rename(path, os.path.join(inbox, other))
            files[other] = files.pop(slot)
        else:
            journal.write("begin", number, verb, slot)
            os.unlink(path)
            del files[slot]
        journal.write("done", number)


def notes(journal, documents, pictures):
    fds = [os.open(os.path.join(folder, "note"), os.O_WRONLY | os.O_CREAT | os.O_DSYNC)
           for folder in (documents, pictures)]
    for number in rounds():
        journal.write("begin", number)
        for fd in fds:
            os.pwrite(fd, b"%019d\n" % number, 0)
        journal.write("done", number)


def run(journals, documents, pictures):
    def stop(*_):
        global stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    found_ledger(documents)
    for folder in (documents, pictures):
        os.mkdir(os.path.join(folder, "inbox"))
    programs = {
        "ledger": lambda journal: ledger(journal, documents),
        "documents": lambda journal: clerk(journal, os.path.join(documents, "inbox")),
        "pictures": lambda journal: clerk(journal, os.path.join(pictures, "inbox")),
        "notes": lambda journal: notes(journal, documents, pictures),
    }
    children = []
    for name, program in programs.items():
        child = os.fork()
        if child == 0:
            status = 0
            try:
                random.seed(name)
                program(Journal(journals, name))
            except Exception as error:  # a program of this kind would end here
                with open(os.path.join(journals, "errors"), "a") as out:
                    print("%s: %s" % (name, error), file=out)
                status = 1
            os._exit(status)
        children.append(child)
    while not stopping:
        time.sleep(0.2)
    for child in children:
        os.kill(child, signal.SIGTERM)
    sys.exit(max(os.waitpid(child, 0)[1] for child in children) != 0)


# ---- the judge -----------------------------------------------------------------


def verdict(good, sentence):
    print("%s\t%s" % ("ok" if good else "no", sentence))


def judge_ledger(journals, documents, since, until):
    _, done, started = read_journal(journals, "ledger", since, until)
    with tempfile.TemporaryDirectory() as folder:
        # SQLite wants to roll back what was open, as after a power cut
        for name in os.listdir(documents):
            if name.startswith("accounts.db"):
                shutil.copy(os.path.join(documents, name), folder)
        base = sqlite3.connect(os.path.join(folder, "accounts.db"))
        try:
            said = base.execute("PRAGMA integrity_check").fetchone()[0]
            total = base.execute("SELECT sum(balance) FROM account").fetchone()[0]
            count, last = base.execute("SELECT count(*), coalesce(max(number), 0) FROM transfer").fetchone()
        except sqlite3.Error as error:
            said, total, count, last = str(error), 0, -1, 0
    verdict(said == "ok" and total == ACCOUNTS * BALANCE,
            "accounts.db: integrity_check says %s, and no money is missing" % said)
    verdict(count == last and done <= last <= started,
            "accounts.db: transfers 1-%d; acknowledged before: %d, begun: %d" % (last, done, started))


def judge_inbox(journals, name, inbox, since, until):
    begun, done, started = read_journal(journals, name, since, until)
    seen, broken = {}, []
    for entry in os.listdir(inbox):
        if entry.endswith(".new"):
            continue  # under its name when it is whole
        with open(os.path.join(inbox, entry), "rb") as file:
            data = file.read()
        try:
            number, size = map(int, data[:40].split(b"\n")[0].split())
            whole = data == content(number, size)
        except (ValueError, OverflowError):
            number, whole = 0, False
        if not whole:
            broken.append(entry)
        seen[entry] = number
    # What the folder was after each operation; one of these must be it.
    files, match = {}, 0 if not seen and done == 0 else None
    for number, (verb, slot, *more) in enumerate(begun[:started], 1):
        if verb in ("write", "change"):
            files[slot] = number
        elif verb == "rename":
            files[more[0]] = files.pop(slot)
        else:
            del files[slot]
        if number >= done and files == seen:
            match = number
    where = "%s/inbox" % name
    if broken:
        verdict(False, "%s: %s is not as it was written" % (where, ", ".join(sorted(broken))))
    elif match is None:
        verdict(False, "%s: not the state after any operation of %d-%d" % (where, done, started))
    else:
        verdict(True, "%s: %d whole files, just as after operation %d; done before: %d, begun: %d"
                % (where, len(seen), match, done, started))


def judge_notes(journals, documents, pictures, since, until):
    _, done, started = read_journal(journals, "notes", since, until)
    first, second = (int(open(os.path.join(folder, "note")).read()) for folder in (documents, pictures))
    verdict(second <= first <= second + 1 and done <= second and first <= started,
            "one instant: note %d on documents, %d on pictures, where it comes second" % (first, second))


def judge(journals, documents, pictures, since, until):
    since, until = float(since), float(until)
    tests = ((judge_ledger, documents), (judge_inbox, "documents", os.path.join(documents, "inbox")),
             (judge_inbox, "pictures", os.path.join(pictures, "inbox")), (judge_notes, documents, pictures))
    for test, *args in tests:
        try:
            test(journals, *args, since, until)
        except (OSError, ValueError, KeyError) as error:
            verdict(False, "%s %s: %s" % (test.__name__.replace("_", " "), args[0], error))


if __name__ == "__main__":
    if len(sys.argv) == 5 and sys.argv[1] == "run":
        run(*sys.argv[2:])
    elif len(sys.argv) == 7 and sys.argv[1] == "judge":
        judge(*sys.argv[2:])
    else:
        sys.exit(__doc__)
