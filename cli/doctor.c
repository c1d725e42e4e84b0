// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * doctor: see doctor.h. Each examination is a function that adds findings; what
 * cannot be looked at (for want of privilege, say) is not guessed.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "colour.h"
#include "doctor.h"
#include "json.h"
#include "signature.h"

#define DOCTOR_HOOKED "submit_bio_noacct"

static struct doctor_finding *doctor_add(struct doctor *doctor, const char *id,
					 enum doctor_level level,
					 const char *subject, const char *fix,
					 const char *format, ...)
	__attribute__((format(printf, 6, 7)));

static struct doctor_finding *doctor_add(struct doctor *doctor, const char *id,
					 enum doctor_level level,
					 const char *subject, const char *fix,
					 const char *format, ...)
{
	struct doctor_finding *f;
	va_list args;

	if (doctor->count == DOCTOR_FINDINGS)
		return &doctor->findings[DOCTOR_FINDINGS - 1];
	f = &doctor->findings[doctor->count++];
	f->id = id;
	f->level = level;
	f->subject = subject;
	snprintf(f->fix, sizeof(f->fix), "%s", fix);
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
	return f;
}

/* ---------------------------------------------------------------- files */

static FILE *doctor_open(struct doctor *doctor, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", doctor->root, path);
	return fopen(full, "re");
}

static bool doctor_exists(struct doctor *doctor, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", doctor->root, path);
	return !access(full, F_OK);
}

/* the first line, or false */
static bool doctor_line(struct doctor *doctor, const char *path, char *line,
			size_t size)
{
	FILE *in = doctor_open(doctor, path);
	bool ok = in && fgets(line, (int)size, in);

	if (in)
		fclose(in);
	if (ok)
		line[strcspn(line, "\n")] = 0;
	return ok;
}

/* Where depmod found the module for the running kernel, below /lib/modules/R. */
static bool doctor_module_path(struct doctor *doctor, char *path, size_t size)
{
	char list[PATH_MAX], *line = NULL, *colon, *base;
	bool found = false;
	size_t length = 0;
	FILE *in;

	snprintf(list, sizeof(list), "/lib/modules/%s/modules.dep",
		 doctor->release);
	in = doctor_open(doctor, list);
	while (!found && in && getline(&line, &length, in) >= 0) {
		colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = 0;
		base = strrchr(line, '/');
		base = base ? base + 1 : line;
		found = !strncmp(base, "blksnap.ko", 10);
		if (found)
			snprintf(path, size, "/lib/modules/%s/%s",
				 doctor->release, line);
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

/* --------------------------------------------------------------- module */

/* EFI's variable has four bytes of attributes before its value. */
static bool doctor_secure_boot(struct doctor *doctor)
{
	FILE *in = doctor_open(doctor, "/sys/firmware/efi/efivars/SecureBoot-"
				       "8be4df61-93ca-11d2-aa0d-00e098032b8c");
	unsigned char bytes[5] = { 0 };
	bool on = in && fread(bytes, 1, sizeof(bytes), in) == sizeof(bytes) &&
		  bytes[4] == 1;

	if (in)
		fclose(in);
	return on;
}

/* What has this kernel refuse modules that are not signed; NULL: nothing. */
static const char *doctor_must_be_signed(struct doctor *doctor)
{
	char line[128];

	if (doctor_secure_boot(doctor))
		return "Secure Boot";
	if (doctor_line(doctor, "/sys/kernel/security/lockdown", line, sizeof(line)) &&
	    !strstr(line, "[none]"))
		return "kernel lockdown";
	if (doctor_line(doctor, "/sys/module/module/parameters/sig_enforce", line, sizeof(line)) &&
	    *line == 'Y')
		return "module.sig_enforce";
	return NULL;
}

/* @who wants signed modules: is this one, by somebody the kernel trusts? */
static void doctor_signature(struct doctor *doctor, const char *path, const char *who)
{
	FILE *module = doctor_open(doctor, path), *keys = NULL;
	enum signature_key key = SIGNATURE_KEY_UNSEEN;
	char signer[SIGNATURE_NAME] = "";

	if (module)
		module = signature_unpack(module, path);
	if (module && !signature_read(module, signer)) {
		doctor_add(doctor, "D020", DOCTOR_FAILURE, "signature",
			   "sign it with a key that is enrolled (mokutil --import), or let DKMS do it",
			   "%s wants signed modules, and the module is not signed", who);
	} else {
		if (*signer)
			keys = doctor_open(doctor, "/proc/keys");
		if (keys) {
			key = signature_key(keys, signer);
			fclose(keys);
		}
		if (key == SIGNATURE_KEY_UNKNOWN)
			doctor_add(doctor, "D022", DOCTOR_FAILURE, "signature",
				   "mokutil --import /var/lib/dkms/mok.pub, restart, and enroll it in the blue screen",
				   "%s wants signed modules, and the kernel does not know the key %s%.60s%sthat signed it",
				   who, doctor->anonymous ? "" : "'",
				   doctor->anonymous ? "" : signer,
				   doctor->anonymous ? "" : "' ");
		else if (key == SIGNATURE_KEY_UNSEEN)
			doctor_add(doctor, "D021", DOCTOR_WARNING, "signature",
				   "mokutil --test-key /var/lib/dkms/mok.pub tells; mokutil --import it, and restart",
				   "%s wants modules signed by a key that is enrolled: is it?", who);
	}
	if (module)
		fclose(module);
}

/* Does /etc/os-release have @word in what the system is, or is like? */
static bool doctor_is_like(struct doctor *doctor, const char *word)
{
	FILE *in = doctor_open(doctor, "/etc/os-release");
	bool like = false;
	char line[256];

	while (in && fgets(line, sizeof(line), in))
		like |= (!strncmp(line, "ID=", 3) || !strncmp(line, "ID_LIKE=", 8)) &&
			strstr(line, word);
	if (in)
		fclose(in);
	return like;
}

/* How the headers of the running kernel are installed. */
static void doctor_headers(struct doctor *doctor, char fix[DOCTOR_FIX])
{
	static const char *const fedoras[] = { "fedora", "rhel", "centos" };
	static const char *const suses[] = { "suse", "sles" };
	const char *release = doctor->release, *flavour = strrchr(release, '-');
	size_t i;

	/* their packages are named by the flavour, "default" of 6.4.0-150600.23-default */
	for (i = 0; i < sizeof(suses) / sizeof(*suses); i++)
		if (doctor_is_like(doctor, suses[i])) {
			snprintf(fix, DOCTOR_FIX, "zypper install kernel-%.60s-devel",
				 flavour ? flavour + 1 : "default");
			return;
		}
	for (i = 0; i < sizeof(fedoras) / sizeof(*fedoras); i++)
		if (doctor_is_like(doctor, fedoras[i])) {
			snprintf(fix, DOCTOR_FIX, "dnf install kernel-devel-%.60s", release);
			return;
		}
	snprintf(fix, DOCTOR_FIX, "apt install linux-headers-%.60s", release);
}

static void doctor_not_loaded(struct doctor *doctor)
{
	char path[PATH_MAX], build[PATH_MAX], fix[DOCTOR_FIX];
	const char *who;

	snprintf(build, sizeof(build), "/lib/modules/%s/build", doctor->release);
	if (!doctor_module_path(doctor, path, sizeof(path))) {
		snprintf(fix, sizeof(fix), "dkms autoinstall -k %.60s, and see /var/lib/dkms/blksnap if it fails",
			 doctor->release);
		if (!doctor_exists(doctor, build)) {
			doctor_add(doctor, "D012", DOCTOR_FAILURE, "headers",
				   "", "the headers of kernel %.60s are missing, so the module cannot be built",
				   doctor->release);
			doctor_headers(doctor, doctor->findings[doctor->count - 1].fix);
		}
		doctor_add(doctor, "D011", DOCTOR_FAILURE, "module", fix,
			   "it is not built for the running kernel %.60s",
			   doctor->release);
		return;
	}
	doctor_add(doctor, "D010", DOCTOR_FAILURE, "module", "modprobe blksnap",
		   "it is installed, but not loaded");
	who = doctor_must_be_signed(doctor);
	if (who)
		doctor_signature(doctor, path, who);
}

static void doctor_module(struct doctor *doctor)
{
	char version[64] = "?";

	if (!doctor_exists(doctor, "/sys/module/blksnap")) {
		doctor_not_loaded(doctor);
		return;
	}
	doctor_line(doctor, "/sys/module/blksnap/version", version,
		    sizeof(version));
	doctor_add(doctor, "D001", DOCTOR_OK, "module", "", "%s is loaded", version);
}

/* Numbers, not names, here and below: the report has them, too. */
static void doctor_tracked(struct cli *cli, struct doctor *doctor)
{
	struct blksnap_device *all;
	size_t count, i, paths = 0;

	if (blksnap_device_list(cli->session, &all, &count, NULL))
		return;
	doctor->tracked = count;
	/* A map may have been made of what was attached before. */
	for (i = 0; i < count && !cli_stack(cli); i++)
		paths += blksnap_stack_check_members(cli->stack, &all[i].dev, 1, NULL) ==
			 -EOPNOTSUPP;
	free(all);
	if (paths)
		doctor_add(doctor, "D072", DOCTOR_FAILURE, "paths",
			   "detach them, attach the maps (lsblk -s shows both), and make full backups",
			   "devices tracked that are paths of multipath maps, whose writes are not seen: %zu of %zu",
			   paths, count);
}

static void doctor_space(struct cli *cli, struct doctor *doctor)
{
	struct blksnap_snapshot *all;
	size_t count, i, low = 0, lost = 0;

	if (blksnap_snapshot_list(cli->session, &all, &count, NULL))
		return;
	for (i = 0; i < count; i++) {
		lost += all[i].state == BLKSNAP_SNAPSHOT_STATE_OVERFLOW ||
			all[i].state == BLKSNAP_SNAPSHOT_STATE_FAILED;
		low += all[i].state == BLKSNAP_SNAPSHOT_STATE_TAKEN &&
		       all[i].level == BLKSNAP_AREA_LEVEL_LOW;
	}
	blksnap_snapshots_free(all, count);
	if (low)
		doctor_add(doctor, "D070", DOCTOR_WARNING, "space",
			   "blksnap area list -S level=low shows them; blksnap area extend, or autogrow",
			   "areas that run low: %zu of %zu", low, count);
	if (lost)
		doctor_add(doctor, "D071", DOCTOR_WARNING, "snapshots",
			   "blksnap snapshot list -S 'state=overflow or state=failed' shows them; destroy them, and give the next ones more space",
			   "snapshots that are lost: %zu of %zu", lost, count);
	if (!low && !lost)
		doctor_add(doctor, "D005", DOCTOR_OK, "space", "",
			   "no area runs low, no snapshot is lost");
}

static bool doctor_answers(struct cli *cli, struct blksnap_info *info,
			   struct blksnap_error *err)
{
	struct blksnap_error *before = cli->caught;
	bool connected;

	cli->caught = err;
	connected = !cli_connect(cli);
	cli->caught = before;
	return connected && !blksnap_info_get(cli->session, info, err);
}

static void doctor_family(struct cli *cli, struct doctor *doctor)
{
	struct blksnap_error err = { 0 };
	struct blksnap_info info;

	doctor->tracked = true; /* for all one knows */
	if (!doctor_answers(cli, &info, &err)) {
		doctor_add(doctor, "D030", DOCTOR_FAILURE, "netlink",
			   cli->recording ?
				   "modprobe blksnap, where that was recorded" :
				   "run it in the machine's own network namespace, not in a container",
			   "the module does not answer: %.150s", err.message);
		return;
	}
	doctor_add(doctor, "D002", DOCTOR_OK, "netlink", "", "the module answers");
	if (strcmp(info.version, blksnap_version()))
		doctor_add(doctor, "D031", DOCTOR_WARNING, "version",
			   "install both of one version; load the new module when no snapshot is left",
			   "module %s, program %s", info.version, blksnap_version());
	else
		doctor_add(doctor, "D003", DOCTOR_OK, "version", "",
			   "module and program are of one version, %s", info.version);
	doctor_tracked(cli, doctor);
	doctor_space(cli, doctor);
}

/* ----------------------------------------------------------- surroundings */

static void doctor_udev(struct doctor *doctor)
{
	static const char *const dirs[] = { "/etc/udev/rules.d",
					    "/usr/lib/udev/rules.d",
					    "/lib/udev/rules.d",
					    "/run/udev/rules.d" };
	char path[64];
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		snprintf(path, sizeof(path), "%s/10-blksnap.rules", dirs[i]);
		if (doctor_exists(doctor, path)) {
			doctor_add(doctor, "D004", DOCTOR_OK, "udev", "",
				   "its rules are installed");
			return;
		}
	}
	doctor_add(doctor, "D040", DOCTOR_WARNING, "udev",
		   "install 10-blksnap.rules, then udevadm control --reload",
		   "its rules are missing: images may take over links by UUID, and be scanned by LVM and md");
}

/*
 * "submit_bio_noacct (1) R I M	tramp: ... (blksnap_...)": I is somebody who
 * redirects the function; there can be one only. It is ours while something is
 * tracked; who it is the line does not tell on every kernel.
 */
static void doctor_hook(struct doctor *doctor)
{
	FILE *in = doctor_open(doctor, "/sys/kernel/tracing/enabled_functions");
	size_t length = sizeof(DOCTOR_HOOKED) - 1, size = 0;
	char *line = NULL, *flags, *tab;

	if (!in)
		in = doctor_open(doctor, "/sys/kernel/debug/tracing/enabled_functions");
	if (!in)
		return;
	while (getline(&line, &size, in) >= 0) {
		if (strncmp(line, DOCTOR_HOOKED, length) || line[length] != ' ')
			continue;
		line[strcspn(line, "\n")] = 0;
		tab = strchr(line, '\t');
		if (tab)
			*tab = 0;
		flags = strchr(line + length, ')');
		if (flags && strchr(flags, 'I') && !doctor->tracked &&
		    (!tab || !strstr(tab + 1, "blksnap")))
			doctor_add(doctor, "D050", DOCTOR_FAILURE, "hook",
				   "remove the live patch or module that does",
				   "somebody else redirects " DOCTOR_HOOKED);
	}
	free(line);
	fclose(in);
}

static void doctor_livepatch(struct doctor *doctor)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/sys/kernel/livepatch", doctor->root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path),
			 "/sys/kernel/livepatch/%.200s/vmlinux/" DOCTOR_HOOKED ",1",
			 entry->d_name);
		if (doctor_exists(doctor, path))
			doctor_add(doctor, "D051", DOCTOR_FAILURE, "hook",
				   "disable it while devices are tracked",
				   "the live patch %.60s patches " DOCTOR_HOOKED,
				   entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static void doctor_ftrace(struct doctor *doctor)
{
	char line[32];

	if (!doctor_line(doctor, "/proc/sys/kernel/ftrace_enabled", line,
			 sizeof(line)))
		doctor_add(doctor, "D052", DOCTOR_FAILURE, "hook",
			   "use a kernel with CONFIG_DYNAMIC_FTRACE, as Debian's are",
			   "this kernel has no function tracing, so writes cannot be seen");
	else if (!strcmp(line, "0"))
		doctor_add(doctor, "D053", DOCTOR_WARNING, "hook",
			   "sysctl kernel.ftrace_enabled=1",
			   "function tracing is switched off: nothing can be attached");
}

static void doctor_privilege(struct cli *cli, struct doctor *doctor)
{
	/* of a recorded kernel, everybody sees the same */
	if (geteuid() && !cli->recording)
		doctor_add(doctor, "D060", DOCTOR_NOTE, "privilege", "run it as root",
			   "some of this cannot be seen, and nothing can be changed, without root");
}

static void doctor_loop(struct doctor *doctor)
{
	if (!doctor_exists(doctor, "/dev/loop-control"))
		doctor_add(doctor, "D061", DOCTOR_NOTE, "loop", "modprobe loop",
			   "there are no loop devices: file: areas cannot be made");
}

void doctor_init(struct doctor *doctor, char release[DOCTOR_RELEASE], bool anonymous)
{
	const char *root = getenv("BLKSNAP_ROOT");
	struct utsname uts;

	*doctor = (struct doctor){ .root = root ? root : "", .release = release,
				   .anonymous = anonymous };
	uname(&uts);
	if (!*doctor->root ||
	    !doctor_line(doctor, "/proc/sys/kernel/osrelease", release, DOCTOR_RELEASE))
		snprintf(release, DOCTOR_RELEASE, "%s", uts.release);
}

enum doctor_level doctor_examine(struct cli *cli, struct doctor *doctor)
{
	/* neither files of one machine with the kernel of another */
	bool files = !cli->recording || *doctor->root;
	bool kernel = cli->recording || cli->session || !*doctor->root;
	enum doctor_level worst = DOCTOR_OK;
	size_t i;

	if (files)
		doctor_module(doctor);
	if (kernel && (!files || doctor_exists(doctor, "/sys/module/blksnap")))
		doctor_family(cli, doctor);
	if (files) {
		doctor_ftrace(doctor);
		doctor_hook(doctor);
		doctor_livepatch(doctor);
		doctor_udev(doctor);
		doctor_loop(doctor);
		doctor_privilege(cli, doctor);
	}
	for (i = 0; i < doctor->count; i++)
		if (doctor->findings[i].level > worst)
			worst = doctor->findings[i].level;
	return worst;
}

/* ---------------------------------------------------------------- print */

static const char *const doctor_words[] = { "ok", "note", "warning", "FAIL" };

json_t *doctor_json(const struct doctor *doctor)
{
	static const char *const levels[] = { "ok", "note", "warning", "failure" };
	json_t *list = json_array(), *o;
	size_t i;

	for (i = 0; i < doctor->count; i++) {
		const struct doctor_finding *f = &doctor->findings[i];

		o = json_object();
		json_object_set_new(o, "id", json_string(f->id));
		json_object_set_new(o, "level", json_string(levels[f->level]));
		json_object_set_new(o, "subject", json_string(f->subject));
		json_object_set_new(o, "text", json_text(true, f->text));
		json_object_set_new(o, "fix", json_text(f->fix[0], f->fix));
		json_array_append_new(list, o);
	}
	return list;
}

int doctor_cmd(struct cli *cli)
{
	char release[DOCTOR_RELEASE];
	struct doctor doctor;
	enum doctor_level worst;
	json_t *doc;
	size_t i;
	int ret;

	ret = cli_source(cli);
	if (ret)
		return ret;
	doctor_init(&doctor, release, false);
	worst = doctor_examine(cli, &doctor);
	if (cli->args.json) {
		doc = json_document("doctor");
		json_object_set_new(doc, "findings", doctor_json(&doctor));
		ret = cli_print_json(cli, doc);
	}
	for (i = 0; !cli->args.json && i < doctor.count; i++) {
		const char *word = doctor_words[doctor.findings[i].level];

		printf("%s%-8s%s %-10s %s", colour_begin(word), word,
		       colour_end(word), doctor.findings[i].subject, doctor.findings[i].text);
		if (doctor.findings[i].level > DOCTOR_OK)
			printf(" (%s)", doctor.findings[i].id);
		putchar('\n');
		if (doctor.findings[i].fix[0])
			printf("%-19s %s\n", "", doctor.findings[i].fix);
	}
	if (ret)
		return ret;
	return worst == DOCTOR_FAILURE ? BLKSNAP_EXIT_CRITICAL :
	       worst == DOCTOR_WARNING ? BLKSNAP_EXIT_WARNING :
					 0;
}
