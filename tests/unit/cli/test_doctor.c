/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The doctor, on machines made of files.
 */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "replay.h"

static char root[] = "/tmp/blksnap-doctor.XXXXXX";
static struct replay kernel;
static struct doctor doctor;
static struct cli cli;

#define MODULES "/lib/modules/6.1.0-x"
#define LOADED "/sys/module/blksnap/version"
#define SECURE_BOOT                                                            \
	"/sys/firmware/efi/efivars/SecureBoot-"                                \
	"8be4df61-93ca-11d2-aa0d-00e098032b8c"

static void put(const char *path, const char *content, size_t length)
{
	char command[256], full[200];
	FILE *out;

	snprintf(full, sizeof(full), "%s%s", root, path);
	snprintf(command, sizeof(command), "mkdir -p \"$(dirname %s)\"", full);
	cr_assert_eq(system(command), 0);
	out = fopen(full, "w");
	fwrite(content, 1, length, out);
	fclose(out);
}

static void text(const char *path, const char *content)
{
	put(path, content, strlen(content));
}

static void setup(void)
{
	cr_assert(mkdtemp(root));
	replay_init(&kernel);
	strcpy(kernel.info.version, blksnap_version());
	memset(&cli, 0, sizeof(cli));
	cr_assert_eq(session_open(replay_make, &kernel, &cli.session, NULL), 0);
	/* a machine on which all is well */
	text(LOADED, "1.0\n");
	text("/proc/sys/kernel/ftrace_enabled", "1\n");
	text("/usr/lib/udev/rules.d/10-blksnap.rules", "");
	text("/dev/loop-control", "");
}

static void teardown(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", root);
	cr_expect_eq(system(command), 0);
	blksnap_close(cli.session);
	replay_exit(&kernel);
}

static void gone(const char *path)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s%s", root, path);
	cr_assert_eq(system(command), 0);
}

static bool found(const char *id)
{
	size_t i;

	for (i = 0; i < doctor.count; i++)
		if (!strcmp(doctor.findings[i].id, id))
			return true;
	return false;
}

static enum doctor_level examine(void)
{
	bool anonymous = doctor.anonymous;

	memset(&doctor, 0, sizeof(doctor));
	doctor.anonymous = anonymous;
	doctor.root = root;
	doctor.release = "6.1.0-x";
	return doctor_examine(&cli, &doctor);
}

TestSuite(doctor, .init = setup, .fini = teardown);

Test(doctor, finds_nothing_where_all_is_well)
{
	cr_expect(examine() <= DOCTOR_NOTE); /* perhaps not root */
	cr_expect(found("D001") && found("D002") && found("D003") && found("D004"));
}

Test(doctor, knows_why_the_module_is_not_there)
{
	gone("/sys/module/blksnap");
	cr_expect_eq(examine(), DOCTOR_FAILURE);
	cr_expect(found("D011"), "not built");
	cr_expect(found("D012"), "no headers either");
	cr_expect(strstr(doctor.findings[0].fix, "apt install linux-headers-6.1.0-x"), "%s",
		  doctor.findings[0].fix);
	text("/etc/os-release", "NAME=\"Some Linux\"\nID=\"some\"\nID_LIKE=\"rhel fedora\"\n");
	examine();
	cr_expect(strstr(doctor.findings[0].fix, "dnf install kernel-devel-6.1.0-x"), "%s",
		  doctor.findings[0].fix);
	text("/etc/os-release", "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n");
	examine();
	cr_expect_str_eq(doctor.findings[0].fix, "zypper install kernel-x-devel");
	text("/etc/os-release", "ID=debian\n");
	text(MODULES "/build/Makefile", "");
	text(MODULES "/modules.dep", "kernel/x.ko: kernel/y.ko\n");
	examine();
	cr_expect(found("D011") && !found("D012"));
	text(MODULES "/modules.dep", "kernel/x.ko:\nupdates/dkms/blksnap.ko:\n");
	text(MODULES "/updates/dkms/blksnap.ko", "code");
	examine();
	cr_expect(found("D010") && !found("D011"));
	cr_expect_not(found("D020"), "nobody asks for a signature");
}

Test(doctor, tells_unsigned_from_signed_where_that_matters)
{
	gone("/sys/module/blksnap");
	put(SECURE_BOOT, "\6\0\0\0\1", 5);
	text(MODULES "/modules.dep", "updates/dkms/blksnap.ko:\n");
	text(MODULES "/updates/dkms/blksnap.ko", "code that is long enough to be one");
	cr_expect_eq(examine(), DOCTOR_FAILURE);
	cr_expect(found("D020") && !found("D021"));
	cr_expect(strstr(doctor.findings[1].text, "Secure Boot wants"), "%s", doctor.findings[1].text);
	text(MODULES "/updates/dkms/blksnap.ko",
	     "code, and twelve bytes~Module signature appended~\n");
	examine();
	cr_expect(found("D021") && !found("D020"));
	put(SECURE_BOOT, "\6\0\0\0\0", 5);
	examine();
	cr_expect(!found("D021") && !found("D020"));
	text("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	examine();
	cr_expect(found("D021"));
	cr_expect(strstr(doctor.findings[1].text, "kernel lockdown wants"), "%s",
		  doctor.findings[1].text);
}

/* A module signed as the kernel's sign-file does it, by "a key of mine". */
static void put_signed(const char *path)
{
	static const char name[] = "\x06\x03\x55\x04\x03\x0c\x0d"
				   "a key of mine";
	static const char end[] = "~Module signature appended~\n";
	char module[200] = "code";
	size_t length = 4;

	memcpy(module + length, "\x30\x82\x01", 3);
	memcpy(module + length + 3, name, sizeof(name) - 1);
	memcpy(module + length + 3 + sizeof(name) - 1, "tail", 4);
	length += 3 + sizeof(name) - 1 + 4;
	module[length + 2] = 2;			/* PKCS #7 */
	module[length + 11] = (char)(length - 4); /* bytes of it */
	length += 12;
	memcpy(module + length, end, sizeof(end) - 1);
	put(path, module, length + sizeof(end) - 1);
}

Test(doctor, knows_whose_key_is_missing)
{
	gone("/sys/module/blksnap");
	text("/sys/module/module/parameters/sig_enforce", "Y\n");
	text(MODULES "/modules.dep", "updates/dkms/blksnap.ko:\n");
	put_signed(MODULES "/updates/dkms/blksnap.ko");
	examine();
	cr_expect(found("D021"), "no keys to look at");
	text("/proc/keys",
	     "01 I------ 1 perm 3f030000 0 0 keyring  .builtin_trusted_keys: 2\n"
	     "02 I------ 1 perm 1f030000 0 0 asymmetri Debian Secure Boot CA: 6cce: X509.rsa 3ab1 []\n"
	     "03 I------ 1 perm 1f030000 0 0 asymmetri not a key of mine, really: 6cce: X509.rsa 3ab1 []\n");
	cr_expect_eq(examine(), DOCTOR_FAILURE);
	cr_expect(found("D022") && !found("D021"));
	cr_expect(strstr(doctor.findings[1].text, "'a key of mine'"), "%s",
		  doctor.findings[1].text);
	doctor.anonymous = true;
	examine();
	cr_expect(found("D022"));
	cr_expect(strstr(doctor.findings[1].text, "know the key that signed it"), "%s",
		  doctor.findings[1].text);
	doctor.anonymous = false;
	text("/proc/keys",
	     "02 I------ 1 perm 1f030000 0 0 asymmetri Mine Ltd: a key of mine: 6cce: X509.rsa 3ab1 []\n");
	examine();
	cr_expect(!found("D022") && !found("D021") && !found("D020"));
	cr_expect(found("D010"));
}

Test(doctor, looks_into_a_module_that_is_compressed)
{
	char command[256];

	gone("/sys/module/blksnap");
	text("/sys/module/module/parameters/sig_enforce", "Y\n");
	text(MODULES "/modules.dep", "updates/dkms/blksnap.ko.xz:\n");
	text("/proc/keys",
	     "02 I------ 1 perm 1f030000 0 0 asymmetri Debian Secure Boot CA: 6cce: X509.rsa 3ab1 []\n");
	put_signed(MODULES "/updates/dkms/blksnap.ko");
	snprintf(command, sizeof(command), "xz -f '%s%s'", root, MODULES "/updates/dkms/blksnap.ko");
	cr_assert_eq(system(command), 0);
	cr_expect_eq(examine(), DOCTOR_FAILURE);
	cr_expect(found("D022") && !found("D021"));
	cr_expect(strstr(doctor.findings[1].text, "module.sig_enforce wants"), "%s",
		  doctor.findings[1].text);
	text(MODULES "/updates/dkms/blksnap.ko", "code that is long enough to be one, not signed");
	cr_assert_eq(system(command), 0);
	examine();
	cr_expect(found("D020") && !found("D022"));
	text(MODULES "/updates/dkms/blksnap.ko.xz", "this cannot be unpacked");
	examine();
	cr_expect(found("D021") && !found("D020"));
}

/* every one of them, whatever it is about, says what to do */
static void expect_fixes(void)
{
	size_t i;

	for (i = 0; i < doctor.count; i++)
		cr_expect(doctor.findings[i].level == DOCTOR_OK || doctor.findings[i].fix[0],
			  "%s has no fix", doctor.findings[i].id);
}

Test(doctor, sees_areas_that_run_low_and_snapshots_that_are_lost)
{
	kernel.snapshots[0] = replay_snapshot(1, BLKSNAP_SNAPSHOT_STATE_TAKEN, 95);
	kernel.snapshots[1] = replay_snapshot(2, BLKSNAP_SNAPSHOT_STATE_TAKEN, 96);
	kernel.snapshots[1].has |= UINT64_C(1) << BLKSNAP_A_SNAPSHOT_LEVEL;
	kernel.n_snapshots = 2;
	examine();
	cr_expect(found("D005") && !found("D070") && !found("D071"));
	kernel.snapshots[1].level = BLKSNAP_AREA_LEVEL_LOW;
	cr_expect_eq(examine(), DOCTOR_WARNING);
	cr_expect(found("D070") && !found("D071") && !found("D005"));
	kernel.snapshots[1].state = BLKSNAP_SNAPSHOT_STATE_OVERFLOW;
	cr_expect_eq(examine(), DOCTOR_WARNING);
	cr_expect(found("D071") && !found("D070"));
	expect_fixes();
}

Test(doctor, asks_no_kernel_for_the_files_of_another_machine)
{
	struct cli alone = { 0 };
	char release[DOCTOR_RELEASE];

	text("/proc/sys/kernel/osrelease", "6.1.0-other\n");
	setenv("BLKSNAP_ROOT", root, 1);
	doctor_init(&doctor, release, false);
	cr_expect_str_eq(doctor.root, root);
	cr_expect_str_eq(doctor.release, "6.1.0-other");
	doctor_examine(&alone, &doctor);
	cr_expect(found("D001") && found("D004"));
	cr_expect_not(found("D002") || found("D030"));
	cr_expect_null(alone.session);
}

Test(doctor, compares_versions)
{
	strcpy(kernel.info.version, "0.0");
	cr_expect_eq(examine(), DOCTOR_WARNING);
	cr_expect(found("D031"));
}

Test(doctor, notices_a_module_that_does_not_answer)
{
	kernel.played.absent = true;
	cr_expect_eq(examine(), DOCTOR_FAILURE);
	cr_expect(found("D030"));
}

Test(doctor, sees_who_else_has_the_hook)
{
	gone("/sys/module/blksnap");
	text("/sys/kernel/tracing/enabled_functions",
	     "submit_bio_noacct_nocheck (1) R I\nvfs_read (1) I\n"
	     "submit_bio_noacct (1) R   \ttramp: 0x1 (other+0x1)\n");
	examine();
	cr_expect_not(found("D050"), "none redirects it");
	text("/sys/kernel/tracing/enabled_functions",
	     "submit_bio_noacct (1) R I\ttramp: 0x1 (klp_ftrace_handler+0x0)\n");
	examine();
	cr_expect(found("D050"));
	text(LOADED, "1.0\n");
	examine();
	cr_expect(found("D050"), "it cannot be ours: nothing is tracked");
	kernel.devices[0] = replay_device(16, BLKSNAP_DEVICE_STATE_TRACKED, 90);
	kernel.n_devices = 1;
	examine();
	cr_expect_not(found("D050"), "it may be ours");
	kernel.n_devices = 0;
	text("/sys/kernel/livepatch/fix1/vmlinux/submit_bio_noacct,1/x", "");
	text("/sys/kernel/livepatch/fix2/vmlinux/vfs_read,1/x", "");
	examine();
	cr_expect(found("D051"));
}

Test(doctor, looks_at_what_is_around)
{
	gone("/usr");
	gone("/dev");
	text("/proc/sys/kernel/ftrace_enabled", "0\n");
	cr_expect_eq(examine(), DOCTOR_WARNING);
	cr_expect(found("D040") && found("D053") && found("D061"));
	expect_fixes();
	gone("/proc");
	cr_expect_eq(examine(), DOCTOR_FAILURE);
	cr_expect(found("D052"));
}
