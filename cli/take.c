// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * take: see take.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "out.h"
#include "take.h"
#include "undo.h"

#define TAKE_TIMEOUT_MS 120000

int take_signals(void)
{
	sigset_t set;

	source_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int take_timeout(struct cli *cli, struct blksnap_wait *wait)
{
	const char *text = cli_setting(cli, "timeout");
	uint32_t ms = TAKE_TIMEOUT_MS;
	char why[PARSE_WHY];

	if (text && (parse_duration(text, &ms, why) || !ms || ms > INT32_MAX))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--timeout", NULL,
				  "%s", ms ? why : "a time above 0 is needed");
	wait->timeout_ms = (int)ms;
	wait->cancel_fd = -1;
	return 0;
}

/* ---------------------------------------------------------------- wish */

/* Those of the command line, failing that those of the settings. */
static const char **take_values(struct cli *cli, const char *option, size_t *count)
{
	bool set = !command_value(&cli->args, option, 0);
	const char **values = NULL, **grown, *value;

	for (*count = 0;; (*count)++) {
		value = set ? conf_value(cli->conf, option, *count) :
			      command_value(&cli->args, option, *count);
		grown = reallocarray(values, *count + 1, sizeof(*values));
		if (!grown) {
			free(values);
			return NULL;
		}
		values = grown;
		values[*count] = value;
		if (!value)
			return values;
	}
}

int take_wish_options(struct cli *cli, const char *name, struct take_wish *wish)
{
	const char *low, *grace;
	char why[PARSE_WHY];
	int ret;

	memset(wish, 0, sizeof(*wish));
	wish->wait.cancel_fd = -1;
	wish->name = name;
	ret = cli_conf(cli);
	if (ret)
		return ret;
	low = cli_setting(cli, "low");
	grace = cli_setting(cli, "grace");
	if (low && parse_low(low, &wish->low, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--low", NULL, "%s",
				  why);
	wish->has_low = low;
	if (grace && parse_grace(grace, &wish->grace_ms, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--grace", NULL, "%s",
				  why);
	wish->no_freeze = command_value(&cli->args, "no-freeze", 0);
	wish->devices = take_values(cli, "device", &wish->n_devices);
	wish->areas = take_values(cli, "area", &wish->n_areas);
	if (!wish->devices || !wish->areas)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	if (!wish->n_devices)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, name, NULL,
				  "--device is missing");
	if (!wish->n_areas)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, name, NULL,
				  "--area is missing");
	return take_timeout(cli, &wish->wait);
}

void take_wish_free(struct take_wish *wish)
{
	free(wish->devices);
	free(wish->areas);
	if (wish->wait.cancel_fd >= 0)
		close(wish->wait.cancel_fd);
	memset(wish, 0, sizeof(*wish));
	wish->wait.cancel_fd = -1;
}

/* ------------------------------------------------------------- prepare */

static const char *take_label(const struct cli *cli, struct blksnap_dev dev,
			      char number[OUT_DEV_MAX])
{
	const char *label = blksnap_stack_label(cli->stack, dev);

	return label ? label : out_dev(dev, number);
}

static int take_devices(struct cli *cli, struct take *take)
{
	const struct take_wish *wish = take->wish;
	struct blksnap_error err;
	char number[OUT_DEV_MAX];
	size_t i;
	int ret;

	take->devices = calloc(wish->n_devices, sizeof(*take->devices));
	if (!take->devices)
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	for (i = 0; i < wish->n_devices; i++) {
		ret = cli_device(cli, wish->devices[i], &take->devices[i]);
		if (ret)
			return ret;
	}
	if (blksnap_stack_check_members(cli->stack, take->devices,
					wish->n_devices, &err)) {
		if (err.errnum == EINVAL)
			err.exit = BLKSNAP_EXIT_USAGE;
		return cli_fail(cli, wish->name, &err,
				err.errnum == ELOOP ?
					"make two snapshots, the file's first" :
				err.errnum == EOPNOTSUPP ? CLI_NAME_THE_MAP :
							   "name everything once");
	}
	blksnap_stack_sort(cli->stack, take->devices, wish->n_devices);
	for (i = 0; i < wish->n_devices; i++)
		cli_verbose(cli, wish->name, "member %s",
			    take_label(cli, take->devices[i], number));
	return 0;
}

static int take_freezes(struct cli *cli, struct take *take)
{
	struct blksnap_error err;
	char number[OUT_DEV_MAX];
	size_t i;

	if (take->wish->no_freeze)
		return 0;
	if (blksnap_stack_freezes(cli->stack, take->devices,
				  take->wish->n_devices, &take->freezes,
				  &take->n_freezes, &err))
		return cli_fail(cli, take->wish->name, &err, NULL);
	for (i = 0; i < take->n_freezes; i++)
		cli_verbose(cli, take->wish->name, "to be frozen: %s",
			    take->freezes[i].path ?
				    take->freezes[i].path :
				    take_label(cli, take->freezes[i].dev, number));
	return 0;
}

/* Asked before loop and zram devices are made for nothing. */
static int take_module(struct cli *cli, struct take *take)
{
	struct blksnap_error err;
	struct blksnap_info info;
	int ret = cli_connect(cli);

	if (!ret && blksnap_info_get(cli->session, &info, &err))
		ret = cli_fail(cli, take->wish->name, &err, NULL);
	return ret;
}

static int take_uuid(struct cli *cli, struct take *take)
{
	if (getrandom(take->uuid, BLKSNAP_UUID_BYTES, 0) != BLKSNAP_UUID_BYTES)
		return cli_refuse(cli, BLKSNAP_EXIT_OTHER, NULL, NULL,
				  "no random numbers");
	take->uuid[6] = (take->uuid[6] & 0x0f) | 0x40; /* RFC 4122: version 4, */
	take->uuid[8] = (take->uuid[8] & 0x3f) | 0x80; /* its variant */
	return 0;
}

static int take_low(struct cli *cli, struct take *take)
{
	const struct take_wish *wish = take->wish;
	uint64_t total;

	if (!wish->has_low)
		return 0;
	take->create.has_low = true;
	total = source_sectors(cli, &take->sources);
	if (!total && wish->low.percent >= 0)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, "--low",
				  "give it as a size",
				  "the size of the area is not known");
	take->create.low_sectors = parse_low_sectors(&wish->low, total);
	return 0;
}

static void take_fill(struct take *take)
{
	const struct take_wish *wish = take->wish;

	take->create.name = wish->name;
	take->create.uuid = take->uuid;
	take->create.devices = take->devices;
	take->create.n_devices = wish->n_devices;
	take->create.ranges = take->sources.ranges;
	take->create.n_ranges = take->sources.count;
	take->create.freezes = take->freezes;
	take->create.n_freezes = take->n_freezes;
	take->create.grace_ms = wish->grace_ms;
	take->create.attach = true;
	take->create.socket_owner = wish->socket_owner;
}

int take_prepare(struct cli *cli, const struct take_wish *wish, struct take *take)
{
	char why[PARSE_WHY];
	int ret;

	memset(take, 0, sizeof(*take));
	take->wish = wish;
	if (parse_name(wish->name, why))
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, wish->name,
				  "choose another name", "%s", why);
	ret = hooks_open(cli, &take->hooks);
	if (!ret)
		ret = take_devices(cli, take);
	if (!ret)
		ret = take_freezes(cli, take);
	if (!ret)
		ret = take_module(cli, take);
	if (!ret)
		ret = take_uuid(cli, take);
	if (!ret) {
		source_sweep(cli);
		ret = source_open(cli, wish->areas, wish->n_areas, take->devices,
				  wish->n_devices, take->uuid, &take->sources);
	}
	if (!ret)
		ret = take_low(cli, take);
	if (ret)
		take_free(take);
	else
		take_fill(take);
	return ret;
}

void take_free(struct take *take)
{
	source_drop(&take->sources);
	hooks_close(&take->hooks);
	blksnap_freezes_free(take->freezes, take->n_freezes);
	free(take->devices);
	memset(take, 0, sizeof(*take));
}

/* ----------------------------------------------------------------- run */

static const char *take_hint(const struct blksnap_error *err)
{
	if (err->left_behind)
		return "it could not be removed; use `blksnap snapshot destroy --force`";
	switch (err->errnum) {
	case EEXIST:
		return "choose another name, or destroy that one";
	case ETIMEDOUT:
		if (err->phase == BLKSNAP_SNAPSHOT_PHASE_GATE)
			return "writes under way took too long; try again";
		return err->phase == BLKSNAP_SNAPSHOT_PHASE_FREEZE ?
			       "a file system did not freeze in time; try again or use --no-freeze" :
			       "try again, or with a longer --timeout";
	case ESTALE:
		return "the device has another size by now; create it anew";
	case ECANCELED:
		return "nothing is left of it";
	default:
		return NULL;
	}
}

static int take_create(struct cli *cli, struct take *take,
		       struct blksnap_snapshot *snapshot)
{
	struct blksnap_error err;

	cli_verbose(cli, take->wish->name, "asking the kernel for the snapshot");
	if (!blksnap_snapshot_create(cli->session, &take->create,
				     &take->wish->wait, snapshot, &err)) {
		source_keep(&take->sources);
		undo_created(cli, snapshot);
		return 0;
	}
	if (err.left_behind)
		source_keep(&take->sources);
	else
		source_drop(&take->sources);
	return cli_fail(cli, take->wish->name, &err, take_hint(&err));
}

static void take_tell_hooks(struct take *take)
{
	const struct take_wish *wish = take->wish;
	struct child_env *env = &take->hooks.env;
	char name[48];
	size_t i;

	child_env_set(env, "BLKSNAP_SNAPSHOT", "%s", wish->name);
	child_env_set(env, "BLKSNAP_COUNT", "%zu", wish->n_devices);
	for (i = 0; i < wish->n_devices; i++) {
		snprintf(name, sizeof(name), "BLKSNAP_ORIGIN_%zu", i + 1);
		child_env_set(env, name, "%s", wish->devices[i]);
	}
}

int take_run(struct cli *cli, struct take *take,
	     struct blksnap_snapshot *snapshot)
{
	bool json = cli->args.json;
	int ret;

	take_tell_hooks(take);
	ret = hooks_before(cli, &take->hooks, take->wish->wait.cancel_fd);
	if (ret)
		source_drop(&take->sources);
	else
		ret = take_create(cli, take, snapshot);
	/* One document tells what became of it: this is not another one. */
	cli->args.json = false;
	take->hook_failed = hooks_after(cli, &take->hooks, !ret);
	cli->args.json = json;
	return ret;
}
