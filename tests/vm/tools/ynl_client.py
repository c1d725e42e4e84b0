#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A second client of the protocol: the kernel's own YNL library on the spec.

usage: ynl_client.py drive ORIGIN AREA SPARE MOUNTPOINT BROKEN
           every command, attribute, event and some refusals; ORIGIN is mounted
           there, AREA and SPARE are block devices, and nothing can be written
           to BROKEN
       ynl_client.py permissions
           every command for every kind of process
       ynl_client.py pages ORIGIN AREA SPARE
           answers of many messages, and what changes between two of them
       ynl_client.py churn DEVICE...
           lists of devices and snapshots that change while they are read

YNL is the folder tools/net/ynl of a Linux 6.12 source.
"""
import copy
import ctypes
import os
import socket
import struct
import sys
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '../../..'))
SPEC = os.path.join(TOP, 'genl-proto/specs/blksnap.yaml')
sys.path.append(os.environ['YNL'])
from lib import YnlFamily, NlError, Netlink  # noqa: E402
from lib import ynl as ynl_lib  # noqa: E402

EPERM, ENOENT, EIO, EEXIST, EBUSY, ENODEV, EINVAL, ERANGE = 1, 2, 5, 17, 16, 19, 22, 34
ESTALE, ENOTSUP = 116, 95
# Only a broken origin shows these; other tests do.
UNSEEN = {'device error', 'member error'}


def fail(text):
    sys.exit(f'wanted {text}')


def expect(want, got, what):
    if want != got:
        fail(f'{want!r}, got {got!r}: {what}')


def devref(path):
    number = os.stat(path).st_rdev
    return {'major': os.major(number), 'minor': os.minor(number)}


def new_socket(ynl):
    ynl.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
    ynl.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_CAP_ACK, 1)
    ynl.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_EXT_ACK, 1)


def another(ynl):
    """A client with a socket of its own; reading the spec takes seconds."""
    ynl = copy.copy(ynl)
    ynl.async_msg_queue = []
    new_socket(ynl)
    return ynl


class Client:
    """Counts what was used, so that nothing of the spec is left out."""

    def __init__(self):
        self.ynl = YnlFamily(SPEC, schema='')
        # YNL cannot have events between a request and its answer.
        self.events = another(self.ynl)
        self.events.ntf_subscribe('events')
        self.used = set()
        self.seen = set()

    def look(self, space, message):
        spec = self.ynl.attr_sets[space]
        for name, value in message.items():
            self.seen.add((space, name))
            nest = spec[name].get('nested-attributes')
            for one in value if isinstance(value, list) else [value]:
                if nest:
                    self.look(nest, one)

    def ask(self, mode, name, attrs):
        op = self.ynl.ops[name]
        for key in attrs:
            self.used.add((op.attr_set.name, key))
        self.used.add((mode, name))
        answer = self.ynl.dump(name, attrs) if mode == 'dump' else self.ynl.do(name, dict(attrs))
        for one in answer if isinstance(answer, list) else [answer]:
            if one:
                self.look(op.attr_set.name, one)
        return answer

    def do(self, name, /, **attrs):
        return self.ask('do', name, {k.replace('_', '-'): v for k, v in attrs.items()})

    def dump(self, name, /, **attrs):
        return self.ask('dump', name, {k.replace('_', '-'): v for k, v in attrs.items()})

    def refused(self, errno, attribute, text, mode, op, /, **attrs):
        try:
            self.ask(mode, op, {k.replace('_', '-'): v for k, v in attrs.items()})
        except NlError as e:
            extack = e.nl_msg.extack or {}
            expect(errno, abs(e.error), f'{op}: {extack}')
            if text not in extack.get('msg', ''):
                fail(f'"{text}" in what {op} says, got {extack}')
            # in a dump the older kernel says the sentence alone
            if attribute and mode == 'do' and extack.get('bad-attr', extack.get('miss-type')) != attribute:
                fail(f'{attribute} named by {op}, got {extack}')
            return
        fail(f'{op} to be refused')

    def event(self, op, /, limit=60, **want):
        """Waits for an event; those before it are looked at as well."""
        end, others = time.monotonic() + limit, []
        want = {k.replace('_', '-'): v for k, v in want.items()}
        while time.monotonic() < end:
            self.events.check_ntf()
            while self.events.async_msg_queue:
                got = self.events.async_msg_queue.pop(0)
                self.seen.add(('event', got['name']))
                space = self.ynl.msgs[got['name']].attr_set.name
                self.look(space, got['msg'])
                if got['name'] == op and all(got['msg'].get(k) == v for k, v in want.items()):
                    return got['msg']
                others.append((got['name'], got['msg']))
            time.sleep(0.05)
        fail(f'the event {op} {want}, got {others}')
        return None


def whole_range(path, start, count):
    return dict(devref(path), start=start, count=count)


def drive_device(c, origin):
    dev = devref(origin)
    info = c.do('info-get')
    c.refused(ENODEV, '.dev', 'not attached', 'do', 'device-get', dev=dev)
    c.refused(EINVAL, '.cbt-cell', 'power of two', 'do', 'device-attach', dev=dev, cbt_cell=5000)
    c.refused(ERANGE, '.dev.major', '', 'do', 'device-attach', dev={'major': 5000, 'minor': 0})
    c.refused(EINVAL, '.dev', 'major and minor', 'do', 'device-attach', dev={'major': 1})
    c.do('device-attach', dev=dev, cbt_cell=65536)
    c.event('device-new-ntf', dev=dev)
    while c.do('device-get', dev=dev)['state'] != 'tracked':
        time.sleep(0.05)
    expect([dev], [d['dev'] for d in c.dump('device-get')], 'devices')
    c.dump('device-get', dev=dev)
    c.do('stats-get', dev=dev)
    c.dump('stats-get')
    c.do('cbt-mark', dev=dev, extent=[{'start': 0, 'count': 256}])
    c.refused(ERANGE, '.extent', 'beyond', 'do', 'cbt-mark', dev=dev,
              extent=[{'start': 1 << 40, 'count': 1}])
    return info


def drive_snapshot(c, origin, area, spare, mountpoint):
    dev, uuid = devref(origin), '00112233445566778899aabbccddeeff'
    c.refused(EINVAL, None, 'needs a device', 'do', 'snapshot-create', name='none')
    c.refused(EINVAL, '.name', 'letters', 'do', 'snapshot-create', name='a b', device=[dev])
    made = c.do('snapshot-create', name='first', uuid=uuid, low=8, clear=16, grace_ms=20,
                device=[dev], range=[whole_range(area, 0, 32768)], request_cookie=77,
                freeze=[{'path': mountpoint, 'member': dev}])
    number = made['id']
    expect(('created', 77, uuid), (made['state'], made['request-cookie'],
                                   made['uuid'].replace('-', '')), 'the answer to create')
    c.event('snapshot-new-ntf', id=number)
    c.refused(EEXIST, '.name', 'this name', 'do', 'snapshot-create', name='first', device=[dev])
    c.refused(EEXIST, '.uuid', 'this UUID', 'do', 'snapshot-create', uuid=uuid, device=[dev])
    expect(number, c.do('snapshot-get', uuid=uuid)['id'], 'found by UUID')
    c.dump('snapshot-get', id=number)
    more = [whole_range(spare, 0, 8), whole_range(spare, 16, 8)]
    expect(32784, c.do('area-append', id=number, range=more)['area-total'], 'after the append')
    c.event('snapshot-change-ntf', id=number, cause='extended')
    c.refused(EBUSY, '.range', '', 'do', 'area-append', id=number, range=more)
    ranges = [r for page in c.dump('area-get', id=number) for r in page['range']]
    expect([32768, 8, 8], [r['count'] for r in ranges], 'ranges')
    c.dump('area-get', uuid=uuid)
    expect(32776, c.do('area-remove', id=number, range=more[:1])['area-total'], 'after the removal')
    c.event('snapshot-change-ntf', id=number, cause='shrunk')
    c.do('snapshot-set', id=number, name='second', low=0, grace_ms=0)
    c.event('snapshot-change-ntf', id=number, cause='settings', name='second')
    # named once more: the path of the create is let go, or nobody could unmount it
    c.do('snapshot-take', id=number, freeze=[{'path': mountpoint, 'member': dev}])
    taken = c.event('snapshot-change-ntf', id=number, state='taken')
    expect('frozen', taken['member'][0]['freeze-result'], 'freeze-result')
    c.refused(EBUSY, None, 'taken already', 'do', 'snapshot-take', id=number)
    return number, taken


def drive_area(c, number, origin, mountpoint):
    c.do('snapshot-set', id=number, low=65536, clear=131072)
    c.event('area-level-ntf', id=number, level='low', cause='level')
    c.event('area-level-ntf', id=number, level='low', cause='reminder')
    expect(number, c.do('stats-get', dev=devref(origin))['snapshot-id'], 'in its counters')
    with open(os.path.join(mountpoint, 'file'), 'wb') as f:
        f.write(b'x' * 65536)
        os.fsync(f.fileno())
    end = time.monotonic() + 60
    while not c.do('snapshot-get', id=number)['member'][0]['area-used']:
        if time.monotonic() > end:
            fail('copies in the area')
        time.sleep(0.1)


def drive_changes(c, origin, taken):
    dev, member = devref(origin), taken['member'][0]
    c.refused(EINVAL, '.cbt-since', 'generation', 'dump', 'cbt-get', dev=dev, cbt_since=1)
    c.refused(ESTALE, '.cbt-generation', 'new generation', 'dump', 'cbt-get', dev=dev,
              cbt_generation='00' * 16, cbt_since=1)
    pages = c.dump('cbt-get', dev=dev, cursor=0,
                   cbt_generation=member['cbt-generation'].replace('-', ''), cbt_since=0)
    if not any(e['start'] == 0 for page in pages for e in page.get('extent', [])):
        fail(f'the marked extent, got {pages}')


def drive_destroy(c, number, taken, origin, info):
    dev = devref(origin)
    past = [{'start': 65536, 'count': 64}]
    c.refused(ESTALE, None, 'another snapshot', 'do', 'image-release', dev=dev,
              snapshot_id=number + 1, extent=past)
    c.refused(EINVAL, None, 'needs a snapshot-id', 'do', 'image-release', dev=dev, extent=past)
    expect(64, c.do('image-release', dev=dev, snapshot_id=number, extent=past)['released-sectors'],
           'sectors given up')
    for flags, held, why in (0, False, 'is open'), (os.O_EXCL, True, 'is mounted, or another device'):
        image = os.open('/dev/' + taken['member'][0]['image-name'], os.O_RDONLY | flags)
        c.refused(EBUSY, None, why, 'do', 'snapshot-destroy', id=number)
        member = c.do('snapshot-get', id=number)['member'][0]
        expect((1, held), (member['image-openers'], 'image-held' in member), 'openers')
        os.close(image)
    c.do('snapshot-destroy', id=number, force=True)
    c.event('device-change-ntf', dev=dev, cause='image')
    c.event('snapshot-del-ntf', id=number, reason='request')
    c.refused(ENOENT, '.id', 'no such', 'do', 'snapshot-get', id=number)
    replay = c.dump('event-replay', since=info['seq'])
    expect((0, info['instance']), (replay[0]['lost'], replay[0]['instance']), 'replay')
    numbers = [e['msg']['seq'] for e in c.ynl.async_msg_queue]
    expect(list(range(info['seq'] + 1, replay[0]['seq'] + 1)), numbers, 'replayed')
    c.do('device-detach', dev=dev)
    c.event('device-del-ntf', dev=dev)
    c.do('info-get')


def drive_other_flags(c, origin, area):
    """Taken at once, and then with a draft; tied to this socket."""
    dev = devref(origin)
    made = c.do('snapshot-create', name='third', device=[dev], attach=True, take=True,
                socket_owner=True, range=[whole_range(area, 0, 2048)])
    c.event('snapshot-change-ntf', id=made['id'], state='taken')
    c.do('snapshot-destroy', uuid=made['uuid'].replace('-', ''))
    c.event('snapshot-del-ntf', id=made['id'])
    made = c.do('snapshot-create', device=[dev], attach=True, draft=True)
    c.refused(EINVAL, None, 'needs an area', 'do', 'snapshot-take', id=made['id'])
    c.ynl.sock.close()
    new_socket(c.ynl)
    end = time.monotonic() + 60
    while c.dump('snapshot-get') and time.monotonic() < end:
        time.sleep(0.1)
    expect([], c.dump('snapshot-get'), 'snapshots after the socket was closed')


def drive_broken_area(c, origin, broken, mountpoint):
    made = c.do('snapshot-create', device=[devref(origin)], attach=True, take=True,
                range=[whole_range(broken, 64, 2048)])
    c.event('snapshot-change-ntf', id=made['id'], state='taken')
    with open(os.path.join(mountpoint, 'another'), 'wb') as f:
        f.write(b'y' * 65536)
        os.fsync(f.fileno())
    failed = c.event('snapshot-change-ntf', id=made['id'], state='failed')
    expect((-EIO, 'store', devref(broken)), (failed['error'], failed['phase'], failed['error-dev']),
           'what broke')
    if not 64 <= failed['error-sector'] < 64 + 2048:
        fail(f'a sector of the range, got {failed}')
    c.do('snapshot-destroy', id=made['id'])


def check_complete(c):
    for name, op in c.ynl.msgs.items():
        if op.is_async:
            if ('event', name) not in c.seen:
                fail(f'the event {name} to be seen')
            continue
        for mode in ('do', 'dump'):
            if mode not in op.yaml:
                continue
            if (mode, name) not in c.used:
                fail(f'{mode} {name} to be used')
            space = op.attr_set.name
            for attr in op.yaml[mode].get('request', {}).get('attributes', []):
                if (space, attr) not in c.used:
                    fail(f'{attr} of {name} to be used')
            for attr in op.yaml[mode].get('reply', {}).get('attributes', []):
                if (space, attr) not in c.seen and not {attr, f'{space} {attr}'} & UNSEEN:
                    fail(f'{attr} in an answer of {name}')


def drive(origin, area, spare, mountpoint, broken):
    c = Client()
    info = drive_device(c, origin)
    number, taken = drive_snapshot(c, origin, area, spare, mountpoint)
    drive_area(c, number, origin, mountpoint)
    drive_changes(c, origin, taken)
    drive_destroy(c, number, taken, origin, info)
    drive_other_flags(c, origin, area)
    drive_broken_area(c, origin, broken, mountpoint)
    check_complete(c)
    print(f'{len(c.ynl.msgs)} commands and events, {len(c.seen)} attributes seen')


# ---- who may do what -------------------------------------------------------------

libc = ctypes.CDLL(None, use_errno=True)


def syscall(*args):
    if libc.syscall(*args):
        raise OSError(ctypes.get_errno(), 'syscall')


def only(capability):
    """Of all capabilities, this one."""
    head = struct.pack('Ii', 0x20080522, 0)
    low = 1 << capability
    syscall(126, head, struct.pack('6I', low, low, 0, 0, 0, 0))


def unprivileged():
    os.setgroups([])
    os.setresgid(1000, 1000, 1000)
    os.setresuid(1000, 1000, 1000)


def unshare(flag):
    if libc.unshare(flag):
        raise OSError(ctypes.get_errno(), 'unshare')


# Who, what makes it so, whether the socket is opened before that, and whether
# it may change state.
PROCESSES = [
    ('root', lambda: None, False, True),
    ('uid 1000', unprivileged, False, False),
    ('CAP_NET_ADMIN alone', lambda: only(12), False, False),
    ('CAP_SYS_ADMIN alone', lambda: only(21), False, True),
    ('root in a child user namespace', lambda: unshare(0x10000000), False, False),
    ("uid 1000 with root's socket", unprivileged, True, False),
]


def in_child(work):
    pid = os.fork()
    if not pid:
        status = 1
        try:
            status = work() or 0
        except BaseException as e:  # pylint: disable=broad-except
            print(repr(e), file=sys.stderr, flush=True)
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def wrong_answers(ynl, who, privileged):
    """An empty request: what is allowed gets past the question who asks."""
    bad = 0
    for name, op in ynl.ops.items():
        for mode in ('do', 'dump'):
            if mode not in op.yaml:
                continue
            allowed = privileged or 'Anyone may ask' in op.yaml['doc']
            errno, text = 0, ''
            try:
                ynl.dump(name, {}) if mode == 'dump' else ynl.do(name, {})
            except NlError as e:
                errno, text = abs(e.error), (e.nl_msg.extack or {}).get('msg', '')
            right = errno != EPERM if allowed else errno == EPERM and 'needs CAP_SYS_ADMIN' in text
            if not right:
                bad += 1
                print(f'{who}, {mode} {name}: wanted {"no " if allowed else ""}EPERM, '
                      f'got {errno} "{text}"', file=sys.stderr)
    try:
        another(ynl).ntf_subscribe('events')
    except OSError as e:
        bad += 1
        print(f'{who}: wanted the events, got {e}', file=sys.stderr)
    return min(bad, 100)


def permissions():
    ynl = YnlFamily(SPEC, schema='')
    cells = sum(('do' in op.yaml) + ('dump' in op.yaml) for op in ynl.ops.values())
    for who, become, before, privileged in PROCESSES:
        def work():
            if before:
                new_socket(ynl)
            become()
            if not before:
                new_socket(ynl)
            return wrong_answers(ynl, who, privileged)
        expect(0, in_child(work), f'wrong answers to {who}')

    def elsewhere():
        unshare(0x40000000)
        ynl_lib._genl_load_families()  # pylint: disable=protected-access
        return 'blksnap' in ynl_lib.genl_family_name_to_id
    expect(0, in_child(elsewhere), 'the family in another network namespace')
    print(f'{cells} requests by {len(PROCESSES)} kinds of process')


# ---- answers of many messages ----------------------------------------------------

class Dump:
    """A dump that is read one datagram at a time."""

    def __init__(self, ynl, name, attrs):
        new_socket(ynl)
        self.ynl, self.op = ynl, ynl.ops[name]
        flags = [Netlink.NLM_F_DUMP]
        ynl.sock.send(ynl._encode_message(self.op, attrs, flags, 7))  # pylint: disable=protected-access
        self.done, self.interrupted, self.error = False, False, 0
        self.datagrams = 0

    def read(self, size=131072):
        """The messages of the next datagram; the kernel makes none larger than was asked for once."""
        out = []
        self.datagrams += 1
        for msg in ynl_lib.NlMsgs(self.ynl.sock.recv(size), attr_space=self.op.attr_set):
            self.interrupted |= bool(msg.nl_flags & 0x10)
            if msg.done or msg.error:
                self.done, self.error = True, msg.error
                break
            decoded = self.ynl.nlproto.decode(self.ynl, msg, self.op)
            out.append(self.ynl._decode(decoded.raw_attrs, self.op.attr_set.name))  # pylint: disable=protected-access
        return out

    def rest(self, size=131072):
        out = []
        while not self.done:
            out += self.read(size)
        return out


def pages(origin, area, spare):
    c = Client()
    dev = devref(origin)
    ranges = [whole_range(area, i * 16, 8) for i in range(1024)]
    made = c.do('snapshot-create', device=[dev], attach=True, draft=True, range=ranges)
    number = made['id']
    other = another(c.ynl)

    calm = Dump(other, 'area-get', {'id': number})
    listed = [r for page in calm.rest() for r in page['range']]
    expect([r['start'] for r in ranges], [r['start'] for r in listed], 'ranges')
    if calm.datagrams < 3:
        fail(f'several datagrams, got {calm.datagrams}')
    expect(False, calm.interrupted, 'a calm dump interrupted')

    moved = Dump(other, 'area-get', {'id': number})
    first = moved.read()
    # as much as goes comes: the sum stays
    c.do('area-remove', id=number, range=[{k: ranges[0][k] for k in
                                           ('major', 'minor', 'start', 'count')}])
    c.do('area-append', id=number, range=[whole_range(spare, 0, 8)])
    moved.rest()
    expect((True, True), (bool(first), moved.interrupted), 'a dump whose list moved interrupted')

    c.do('snapshot-destroy', id=number)
    end = time.monotonic() + 60
    while c.dump('snapshot-get') and time.monotonic() < end:
        time.sleep(0.1)
    cbt_pages(c, other, origin)


def cbt_pages(c, other, origin):
    """Every second cell changed: many extents; a new generation under way."""
    dev = devref(origin)
    c.do('device-attach', dev=dev, cbt_cell=4096)
    while c.do('device-get', dev=dev)['state'] != 'tracked':
        time.sleep(0.05)
    capacity = c.do('device-get', dev=dev)['capacity']
    cells = min(capacity // 8, 8192)
    for first in range(0, cells, 4000):
        c.do('cbt-mark', dev=dev, extent=[{'start': i * 8, 'count': 8}
                                          for i in range(first, min(first + 4000, cells), 2)])
    generation = c.do('device-get', dev=dev)['cbt-generation'].replace('-', '')
    ask = {'dev': dev, 'cbt-generation': generation, 'cbt-since': 0}
    calm = Dump(other, 'cbt-get', ask)
    starts = [e['start'] for page in calm.rest() for e in page.get('extent', [])]
    expect([i * 8 for i in range(0, cells, 2)], starts, 'extents')
    if calm.datagrams < 3:
        fail(f'several datagrams, got {calm.datagrams}')
    broken = Dump(other, 'cbt-get', ask)
    some = broken.read()
    c.do('device-detach', dev=dev)
    c.do('device-attach', dev=dev, cbt_cell=4096)
    rest = broken.rest()
    got = [e['start'] for page in some + rest for e in page.get('extent', [])]
    expect(starts[:len(got)], got, 'extents before the new generation')
    if abs(broken.error) not in (ESTALE, ENODEV) or len(got) == len(starts):
        fail(f'ESTALE in the middle, got {broken.error} after {len(got)} of {len(starts)}')
    c.do('device-detach', dev=dev)


def churn_list(other, op, name_of, survivors, go, come):
    """Reads a part, has the list changed, reads the rest: those that stay are there once."""
    calm = Dump(other, op, {})
    expect(sorted(survivors), sorted(set(survivors) & {name_of(o) for o in calm.rest(4096)}), op)
    if calm.datagrams < 4 or calm.interrupted:
        fail(f'several datagrams, in peace, got {calm.datagrams} of {op}, {calm.interrupted}')
    # The kernel has the next datagram ready when one is read. At the end
    # only the closing message is left to say that the list changed.
    for when, read, back in ('in the middle', 1, True), ('at the end', calm.datagrams - 2, False):
        dump, seen = Dump(other, op, {}), []
        for _ in range(read):
            seen += dump.read(4096)
        go()
        if back:
            come()
        seen = [name_of(o) for o in seen + dump.rest(4096)]
        if not back:
            come()
        expect(sorted(survivors), sorted(o for o in seen if o in survivors), f'{op}, changed {when}')
        expect(True, dump.interrupted, f'{op}, changed {when}: NLM_F_DUMP_INTR')


def churn(*paths):
    """The first and the last device go and come; the others stay."""
    c = Client()
    other = another(c.ynl)
    devs = [devref(p) for p in paths]
    ends = [devs[0], devs[-1]]

    def attach(which):
        for dev in which:
            c.do('device-attach', dev=dev)

    def detach(which):
        for dev in which:
            c.do('device-detach', dev=dev)

    attach(devs)
    stay = [(d['major'], d['minor']) for d in devs[1:-1]]
    for op in 'device-get', 'stats-get':
        churn_list(other, op, lambda m: (m['dev']['major'], m['dev']['minor']), stay,
                   lambda: detach(ends), lambda: attach(ends))

    # Drafts are dropped with the socket that made them.
    made = {dev['minor']: c.do('snapshot-create', device=[dev], draft=True)['id'] for dev in devs}
    stay = [made[dev['minor']] for dev in devs[1:-1]]

    def destroy(which):
        for dev in which:
            c.do('snapshot-destroy', id=made[dev['minor']])
            c.event('snapshot-del-ntf', id=made[dev['minor']])

    def create(which):
        for dev in which:
            made[dev['minor']] = c.do('snapshot-create', device=[dev], draft=True)['id']

    churn_list(other, 'snapshot-get', lambda s: s['id'], stay,
               lambda: destroy(ends), lambda: create(ends))
    destroy(devs)
    detach(devs)
    print(f'{len(devs)} devices, {len(made)} snapshots')


def main():
    modes = {'drive': drive, 'permissions': permissions, 'pages': pages, 'churn': churn}
    if len(sys.argv) < 2 or sys.argv[1] not in modes:
        sys.exit(__doc__)
    modes[sys.argv[1]](*sys.argv[2:])


main()
