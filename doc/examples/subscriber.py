#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints every event of blksnap, from the YAML specification alone.

usage: subscriber.py SPEC [COUNT]

SPEC is genl-proto/specs/blksnap.yaml. Ends after COUNT events. It needs
nothing of blksnap but that file, and of Python but yaml.
"""
import errno
import json
import socket
import struct
import sys

import yaml

NETLINK_GENERIC, SOL_NETLINK, ADD_MEMBERSHIP = 16, 270, 1
GENL_ID_CTRL, CTRL_GETFAMILY, CTRL_NAME = 16, 3, 2
NLM_REQUEST, NLM_DUMP = 1, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3


def attributes(data):
    """Yields (number, payload) of an attribute stream."""
    while len(data) >= 4:
        length, number = struct.unpack_from('HH', data)
        if length < 4:
            return
        yield number & 0x3fff, data[4:length]
        data = data[(length + 3) & ~3:]


def attribute(number, payload):
    return struct.pack('HH', len(payload) + 4, number) + payload + b'\0' * (-len(payload) % 4)


class Family:
    """What the specification says, and a socket to talk about it."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as f:
            spec = yaml.safe_load(f)
        self.name = spec['name']
        self.sets = {s['name']: dict(enumerate(s['attributes'], 1)) for s in spec['attribute-sets']}
        self.enums = {}
        for d in spec['definitions']:
            if d['type'] == 'enum':
                names = [e if isinstance(e, str) else e['name'] for e in d['entries']]
                self.enums[d['name']] = dict(enumerate(names, d.get('value-start', 0)))
        self.ops = dict(enumerate(spec['operations']['list'], 1))
        self.numbers = {op['name']: number for number, op in self.ops.items()}
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.id, self.groups = self.look_up()

    def set_of(self, op):
        return op.get('attribute-set') or self.set_of(self.ops[self.numbers[op['notify']]])

    def look_up(self):
        name = attribute(CTRL_NAME, self.name.encode() + b'\0')
        self.send(GENL_ID_CTRL, CTRL_GETFAMILY, 0, name)
        kind, message = next(self.receive())
        if kind == NLMSG_ERROR:
            sys.exit(f'subscriber: the family {self.name} is not there')
        found = dict(attributes(message[4:]))
        groups = {}
        for _, group in attributes(found[7]):
            parts = dict(attributes(group))
            groups[parts[1].rstrip(b'\0').decode()] = struct.unpack('I', parts[2])[0]
        return struct.unpack('H', found[1])[0], groups

    def send(self, family, command, flags, payload=b''):
        self.sock.send(struct.pack('IHHIIBBH', 20 + len(payload), family, NLM_REQUEST | flags,
                                   1, 0, command, 1, 0) + payload)

    def receive(self):
        data = self.sock.recv(1 << 17)
        while len(data) >= 16:
            length, kind = struct.unpack_from('IH', data)
            yield kind, data[16:length]
            data = data[(length + 3) & ~3:]

    def value(self, spec, data):
        kind = spec['type']
        if kind == 'nest':
            return self.decode(spec['nested-attributes'], data)
        if kind in ('u32', 's32', 'u64'):
            number = struct.unpack({'u32': 'I', 's32': 'i', 'u64': 'Q'}[kind], data)[0]
            return self.enums[spec['enum']].get(number, number) if 'enum' in spec else number
        if kind == 'string':
            return data.rstrip(b'\0').decode(errors='replace')
        return True if kind == 'flag' else data.hex()

    def decode(self, set_name, data):
        out = {}
        for number, payload in attributes(data):
            spec = self.sets[set_name].get(number)
            if not spec:
                continue  # of a later version
            value = self.value(spec, payload)
            if spec.get('multi-attr'):
                out.setdefault(spec['name'], []).append(value)
            else:
                out[spec['name']] = value
        return out

    def messages(self):
        """Yields (name of the command, attributes); the end of a dump is None."""
        for kind, message in self.receive():
            if kind == self.id:
                op = self.ops.get(message[0])
                if op:
                    yield op['name'], self.decode(self.set_of(op), message[4:])
            elif kind in (NLMSG_DONE, NLMSG_ERROR):
                yield None, {}

    def dump(self, command, payload=b''):
        self.send(self.id, self.numbers[command], NLM_DUMP, payload)
        done = False
        while not done:
            for name, message in self.messages():
                done |= name is None
                if name:
                    yield name, message


def replayed(path, since):
    """The events after a number, on a socket of their own."""
    family = Family(path)
    try:
        yield from family.dump('event-replay', attribute(1, struct.pack('Q', since)))
    finally:
        family.sock.close()


def events(path):
    """Yields the state as ('state', object), ('ready', its number), then every
    event; ('lost', n) where so many cannot be had any more."""
    live, asker = Family(path), Family(path)
    live.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, live.groups['events'])
    last = info(asker)['seq']
    for command in ('device-get', 'snapshot-get'):
        for _, message in asker.dump(command):
            yield 'state', message
    yield 'ready', {'seq': last}
    while True:
        try:
            come = list(live.messages())
        except OSError as e:
            if e.errno != errno.ENOBUFS:
                raise
            come = list(replayed(path, last))
        if any(m.get('seq', 0) > last + 1 for _, m in come[:1]):
            come = list(replayed(path, last))
        for name, message in come:
            if name == 'event-replay':
                if message['lost']:
                    yield 'lost', message['lost']
                    last += message['lost']
            elif name and message.get('seq', 0) > last:
                last = message['seq']
                yield name, message


def info(family):
    family.send(family.id, family.numbers['info-get'], 0)
    return next(iter(family.messages()))[1]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    left = int(sys.argv[2]) if len(sys.argv) == 3 else -1
    for name, message in events(sys.argv[1]):
        print(name, json.dumps(message), flush=True)
        left -= name not in ('state', 'ready', 'lost')
        if not left:
            return


main()
