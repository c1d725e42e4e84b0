// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz - requests to the family that are nearly right.
 *
 *	fuzz SEED COUNT MOUNTPOINT DEVICE...
 *
 * Sends COUNT requests from four sockets in turn. They are made from the
 * protocol's grammar (fuzz_rules.h, from the YAML) and then spoilt, one time
 * in two: attributes missing, repeated, unknown, of the wrong set, cut short or
 * too long, nests in nests, extreme numbers, lengths that lie, flags that do
 * not fit. Answers are read now and then, so that dumps stay open while the
 * objects go. A refusal must be one that the command's doc tells of, and one of a
 * request that was not spoilt must say why in words. At the end the family must
 * still answer. Prints the seed, how many requests had which outcome, and which
 * commands ever succeeded.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/blksnap_genl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

enum kind {
	KIND_NONE, KIND_U32, KIND_U64, KIND_S32, KIND_STRING, KIND_BINARY, KIND_FLAG, KIND_NEST,
};

struct rule {
	uint16_t number;
	enum kind kind;
	int nest;
};

struct rule_set {
	struct rule rule[40];
};

struct rule_op {
	uint8_t cmd;
	uint8_t dump;
	int set;
	uint16_t attrs[24];
	const char *name;
	const char *errors; /* names, a space before and after each */
};

#include "fuzz_rules.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SOCKETS 4
#define REQUEST_MAX (48 << 10)

static uint64_t random_state;
static uint16_t family;
static const char *mountpoint;
static dev_t devices[16];
static unsigned int nr_devices;
static unsigned long outcomes[256], succeeded[256];
static unsigned int untold;

/* By its number in the request: what was asked, unless it was asked wrongly. */
static struct {
	const struct rule_op *op;
	bool spoilt;
} asked[65536];

static struct {
	uint8_t data[REQUEST_MAX + 4096];
	size_t len;
	bool spoil;
} req;

static uint32_t rnd(uint32_t below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return below ? (uint32_t)((random_state >> 33) % below) : 0;
}

static bool now_and_then(uint32_t one_in)
{
	return req.spoil && !rnd(one_in);
}

static uint64_t number(void)
{
	static const uint64_t odd[] = { 0, 1, 7, 8, 9, 0x7fffffff, 0x80000000, 0xffffffff,
					0x100000000, 1ULL << 40, 1ULL << 60, INT64_MAX,
					(uint64_t)INT64_MAX + 1, UINT64_MAX - 7, UINT64_MAX };

	if (!rnd(4))
		return odd[rnd(ARRAY_SIZE(odd))];
	return rnd(3) ? rnd(16) : (uint64_t)rnd(2048) * 8;
}

static void put(uint16_t type, const void *data, size_t len)
{
	struct nlattr head = { (uint16_t)(NLA_HDRLEN + len), type };

	if (req.len + NLA_HDRLEN + len > REQUEST_MAX)
		return;
	if (now_and_then(40))
		head.nla_len = (uint16_t)rnd(70000);
	memcpy(req.data + req.len, &head, sizeof(head));
	if (len)
		memcpy(req.data + req.len + NLA_HDRLEN, data, len);
	memset(req.data + req.len + NLA_HDRLEN + len, 0, NLA_ALIGN(len) - len);
	req.len += NLA_HDRLEN + NLA_ALIGN(len);
}

/* A known device, mostly: its rules have numbers 1 and 2 in every such set. */
static uint64_t value(int set, const struct rule *r, dev_t dev)
{
	bool is_ref = r->number <= 2 && rule_sets[set].rule[0].number == 1 &&
		      rule_sets[set].rule[0].kind == KIND_U32 &&
		      rule_sets[set].rule[1].kind == KIND_U32;

	if (is_ref && (!req.spoil || rnd(8)))
		return r->number == 1 ? major(dev) : minor(dev);
	if (req.spoil)
		return number();
	if (r->kind == KIND_U64)
		return (uint64_t)rnd(4096) * 8;
	return rnd(3) ? 1 + rnd(16) : 4096u << rnd(9);
}

static void put_rule(int set, const struct rule *r, dev_t dev, unsigned int depth);

static void put_nest(const struct rule *r, unsigned int depth)
{
	size_t start = req.len;
	dev_t dev = devices[rnd(nr_devices)];
	const struct rule *in;
	int set = now_and_then(20) ? (int)rnd(ARRAY_SIZE(rule_sets)) : r->nest;
	struct nlattr head;

	if (req.len + 4096 > REQUEST_MAX || depth > 12)
		return;
	put(r->number | NLA_F_NESTED, NULL, 0);
	for (in = rule_sets[set].rule; in->number; in++)
		if (!now_and_then(6) && (in->kind != KIND_NEST || !rnd(3)))
			put_rule(set, in, dev, depth + 1);
	if (now_and_then(10))
		put_rule(set, &rule_sets[set].rule[0], dev, depth + 1);
	if (now_and_then(30))
		put_nest(r, depth + 1);
	memcpy(&head, req.data + start, sizeof(head));
	head.nla_len = (uint16_t)(req.len - start);
	if (now_and_then(40))
		head.nla_len = (uint16_t)rnd(head.nla_len + 9u);
	if (now_and_then(20))
		head.nla_type &= (uint16_t)~NLA_F_NESTED;
	memcpy(req.data + start, &head, sizeof(head));
}

static void put_string(uint16_t type)
{
	static const char *const names[] = { "a", "b", "c", "", "-", ".x", "a/b", "\xff\xfe",
					     "/nowhere", "name-of-some-length" };
	char text[5000];
	size_t len;

	if (now_and_then(8)) {
		len = rnd(sizeof(text));
		memset(text, (int)rnd(256), len);
		put(type, text, len);
	} else if (!rnd(4)) {
		put(type, mountpoint, strlen(mountpoint) + 1);
	} else {
		const char *name = names[rnd(ARRAY_SIZE(names))];

		put(type, name, strlen(name) + !now_and_then(6));
	}
}

static void put_rule(int set, const struct rule *r, dev_t dev, unsigned int depth)
{
	uint64_t v = value(set, r, dev);
	/* as long as the longest that is said of it */
	uint32_t half[] = { (uint32_t)v, (uint32_t)(v >> 32) };
	uint8_t bytes[64];
	size_t i, len;

	switch (r->kind) {
	case KIND_U32:
	case KIND_S32:
		put(r->number, half, now_and_then(15) ? rnd(9) : 4);
		break;
	case KIND_U64:
		put(r->number, &v, now_and_then(15) ? rnd(9) : 8);
		break;
	case KIND_FLAG:
		put(r->number, &v, now_and_then(10) ? 4 : 0);
		break;
	case KIND_STRING:
		put_string(r->number);
		break;
	case KIND_BINARY:
		len = now_and_then(6) ? rnd(sizeof(bytes)) : 16;
		for (i = 0; i < len; i++)
			bytes[i] = rnd(3) ? 0 : (uint8_t)rnd(256);
		put(r->number, bytes, len);
		break;
	case KIND_NEST:
		put_nest(r, depth);
		break;
	case KIND_NONE:
		break;
	}
}

static const struct rule *rule_of(int set, uint16_t number)
{
	const struct rule *r = rule_sets[set].rule;

	while (r->number && r->number != number)
		r++;
	return r;
}

/* Is what is sent still the command @op? */
static bool make(const struct rule_op *op, uint32_t seq)
{
	struct nlmsghdr head = { 0 };
	struct genlmsghdr genl = { .cmd = op->cmd, .version = 1 };
	unsigned int i, n;

	req.spoil = rnd(2);
	req.len = NLMSG_HDRLEN + GENL_HDRLEN;
	for (i = 0; i < ARRAY_SIZE(op->attrs) && op->attrs[i]; i++) {
		const struct rule *r = rule_of(op->set, op->attrs[i]);

		if (!rnd(r->kind == KIND_FLAG || r->kind == KIND_BINARY ? 2 : 4))
			continue;
		n = 1 + (now_and_then(15) ? 1u : 0u);
		if (r->kind == KIND_NEST)
			n = 1 + rnd(rnd(20) ? 3 : 300);
		while (n--)
			put_rule(op->set, r, 0, 0);
	}
	if (now_and_then(10)) {
		struct rule any = { (uint16_t)rnd(64), (enum kind)rnd(KIND_NEST), 0 };

		put_rule(op->set, &any, 0, 0);
	}
	if (now_and_then(30))
		genl.cmd = (uint8_t)rnd(256);
	if (now_and_then(20))
		req.len -= rnd(req.len - NLMSG_HDRLEN - GENL_HDRLEN + 1);
	head.nlmsg_len = (uint32_t)req.len;
	head.nlmsg_type = family;
	head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (op->dump != now_and_then(20))
		head.nlmsg_flags |= NLM_F_DUMP;
	if (now_and_then(20))
		head.nlmsg_flags ^= (uint16_t)(1u << rnd(16));
	head.nlmsg_seq = seq;
	memcpy(req.data, &head, sizeof(head));
	memcpy(req.data + NLMSG_HDRLEN, &genl, sizeof(genl));
	return genl.cmd == op->cmd &&
	       ((head.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) == op->dump;
}

static int open_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), one = 1;

	if (fd < 0) {
		perror("socket");
		exit(1);
	}
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	return fd;
}

/* Of a request that is no such, whatever it asks for. */
static bool is_malformed(int error)
{
	return error == EINVAL || error == ERANGE;
}

static void look_at_refusal(const struct nlmsghdr *head, int error)
{
	const struct rule_op *op = asked[head->nlmsg_seq % 65536].op;
	bool spoilt = asked[head->nlmsg_seq % 65536].spoilt;
	char name[32];

	/* Netlink itself takes no dump of a socket that has one open, or is full. */
	if (!op || (op->dump && (error == EBUSY || error == ENOBUFS)))
		return;
	snprintf(name, sizeof(name), " %s ", strerrorname_np(error) ?: "?");
	if (!strstr(op->errors, name) && !is_malformed(error)) {
		untold++;
		fprintf(stderr, "%s: refused with%sof which its doc says nothing\n", op->name, name);
	}
	/* Also EINVAL, if nothing was wrong with its form. */
	if (!spoilt && !(head->nlmsg_flags & NLM_F_ACK_TLVS)) {
		untold++;
		fprintf(stderr, "%s: refused with%swithout a word\n", op->name, name);
	}
}

/* Reads up to @most datagrams; which command an outcome is of is its seq. */
static void read_answers(int fd, unsigned int most)
{
	static uint8_t buf[256 << 10];
	struct nlmsghdr *head;
	ssize_t len;
	int error;

	while (most-- && (len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		unsigned int left = (unsigned int)len;

		for (head = (void *)buf; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
			if (head->nlmsg_type != NLMSG_ERROR && head->nlmsg_type != NLMSG_DONE)
				continue;
			memcpy(&error, NLMSG_DATA(head), sizeof(error));
			outcomes[(uint8_t)-error]++;
			if (error)
				look_at_refusal(head, -error);
			else if (asked[head->nlmsg_seq % 65536].op)
				succeeded[asked[head->nlmsg_seq % 65536].op->cmd]++;
		}
	}
}

/* The family's number; 0 if it is not there. */
static uint16_t look_up(int fd)
{
	struct {
		struct nlmsghdr head;
		struct genlmsghdr genl;
		struct nlattr attr;
		char name[8];
	} ask = {
		.head = { sizeof(ask), GENL_ID_CTRL, NLM_F_REQUEST, 1, 0 },
		.genl = { CTRL_CMD_GETFAMILY, 1, 0 },
		.attr = { NLA_HDRLEN + sizeof(ask.name), CTRL_ATTR_FAMILY_NAME },
		.name = BLKSNAP_FAMILY_NAME,
	};
	uint8_t buf[16384];
	ssize_t len, at;

	if (send(fd, &ask, sizeof(ask), 0) < 0)
		return 0;
	len = recv(fd, buf, sizeof(buf), 0);
	for (at = NLMSG_HDRLEN + GENL_HDRLEN; at + NLA_HDRLEN <= len;) {
		struct nlattr attr;
		uint16_t id;

		memcpy(&attr, buf + at, sizeof(attr));
		memcpy(&id, buf + at + NLA_HDRLEN, sizeof(id));
		if (attr.nla_type == CTRL_ATTR_FAMILY_ID)
			return id;
		at += NLA_ALIGN(attr.nla_len < NLA_HDRLEN ? NLA_HDRLEN : attr.nla_len);
	}
	return 0;
}

static bool answers(void)
{
	const struct rule_op info = { .cmd = BLKSNAP_CMD_INFO_GET };
	struct pollfd fd = { .fd = open_socket(), .events = POLLIN };
	bool ok;

	make(&info, 1);
	req.len = NLMSG_HDRLEN + GENL_HDRLEN;
	((struct nlmsghdr *)req.data)->nlmsg_len = (uint32_t)req.len;
	((struct nlmsghdr *)req.data)->nlmsg_flags = NLM_F_REQUEST;
	((struct genlmsghdr *)(req.data + NLMSG_HDRLEN))->cmd = info.cmd;
	ok = send(fd.fd, req.data, req.len, 0) > 0 && poll(&fd, 1, 120000) > 0;
	close(fd.fd);
	return ok;
}

int main(int argc, char **argv)
{
	unsigned long count, i, commands = 0;
	int fd[SOCKETS];
	struct stat st;
	unsigned int n;

	if (argc < 5) {
		fprintf(stderr, "usage: see fuzz.c\n");
		return 2;
	}
	random_state = strtoull(argv[1], NULL, 0);
	count = strtoul(argv[2], NULL, 0);
	mountpoint = argv[3];
	for (i = 4; i < (unsigned int)argc && nr_devices < ARRAY_SIZE(devices); i++)
		if (!stat(argv[i], &st))
			devices[nr_devices++] = st.st_rdev;
	for (n = 0; n < SOCKETS; n++)
		fd[n] = open_socket();
	family = look_up(fd[0]);
	if (!family || !nr_devices) {
		fprintf(stderr, "no family, or no device\n");
		return 1;
	}
	for (i = 0; i < count; i++) {
		const struct rule_op *op = &rule_ops[rnd(ARRAY_SIZE(rule_ops))];

		n = rnd(SOCKETS);
		asked[i % 65536].op = make(op, (uint32_t)i) ? op : NULL;
		asked[i % 65536].spoilt = req.spoil;
		if (send(fd[n], req.data, req.len, MSG_DONTWAIT) < 0)
			outcomes[(uint8_t)errno]++;
		if (rnd(3))
			read_answers(fd[rnd(SOCKETS)], 1 + rnd(4));
		if (!rnd(200)) {
			/* what was tied to it goes, a dump ends in the middle */
			close(fd[n]);
			fd[n] = open_socket();
		}
	}
	for (n = 0; n < SOCKETS; n++)
		read_answers(fd[n], UINT32_MAX);
	printf("seed %s, %lu requests; outcomes:", argv[1], count);
	for (i = 0; i < 256; i++)
		if (outcomes[i])
			printf(" %lux%s", outcomes[i], i ? strerrorname_np((int)i) : "0");
	printf("\nsucceeded:");
	for (i = 0; i < 256; i++)
		if (succeeded[i]) {
			printf(" %lu", i);
			commands++;
		}
	printf("\n%lu commands\n", commands);
	if (!answers()) {
		fprintf(stderr, "the family does not answer any more\n");
		return 1;
	}
	/* A fuzzer whose requests are all refused tries nothing. */
	return commands < 8 || untold;
}
