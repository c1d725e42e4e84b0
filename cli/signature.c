// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * signature: see signature.h. A signed module ends in a PKCS #7 message, twelve
 * bytes that tell its length (struct module_signature of the kernel), and a line
 * of text. The message has no certificate, but the name of its issuer.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signature.h"

#define SIGNATURE_END "~Module signature appended~\n"
#define SIGNATURE_END_LENGTH (sizeof(SIGNATURE_END) - 1)
#define SIGNATURE_INFO 12
#define SIGNATURE_MAX 65536

/* The last common name (2.5.4.3) of a message. */
static void signature_common_name(const unsigned char *message, size_t length,
				  char signer[SIGNATURE_NAME])
{
	static const unsigned char id[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };
	size_t at, size;

	for (at = 0; at + sizeof(id) + 2 <= length; at++) {
		if (memcmp(message + at, id, sizeof(id)))
			continue;
		/* tag of a string, a length of one byte, the string */
		size = message[at + sizeof(id) + 1];
		if (size >= SIGNATURE_NAME || at + sizeof(id) + 2 + size > length)
			continue;
		memcpy(signer, message + at + sizeof(id) + 2, size);
		signer[size] = 0;
	}
}

bool signature_read(FILE *module, char signer[SIGNATURE_NAME])
{
	unsigned char tail[SIGNATURE_INFO + SIGNATURE_END_LENGTH], *message;
	size_t length;

	*signer = 0;
	if (fseek(module, -(long)sizeof(tail), SEEK_END) ||
	    fread(tail, 1, sizeof(tail), module) != sizeof(tail) ||
	    memcmp(tail + SIGNATURE_INFO, SIGNATURE_END, SIGNATURE_END_LENGTH))
		return false;
	length = (size_t)tail[8] << 24 | (size_t)tail[9] << 16 | (size_t)tail[10] << 8 | tail[11];
	if (length > SIGNATURE_MAX || fseek(module, -(long)(sizeof(tail) + length), SEEK_END))
		return true;
	message = malloc(length);
	if (message && fread(message, 1, length, module) == length)
		signature_common_name(message, length, signer);
	free(message);
	return true;
}

/* What @program makes of @packed; NULL where it cannot. */
static FILE *signature_run(char *program, FILE *packed)
{
	char option[] = "-dc", *const argv[] = { program, option, NULL };
	int fd = memfd_create("module", MFD_CLOEXEC), status = -1;
	FILE *out = fd < 0 ? NULL : fdopen(fd, "r+");
	posix_spawn_file_actions_t actions;
	pid_t pid;

	if (!out) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fileno(packed), 0);
	posix_spawn_file_actions_adddup2(&actions, fd, 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (!posix_spawnp(&pid, program, &actions, NULL, argv, environ) &&
	    waitpid(pid, &status, 0) != pid)
		status = -1;
	posix_spawn_file_actions_destroy(&actions);
	if (!status)
		return out;
	fclose(out);
	return NULL;
}

FILE *signature_unpack(FILE *module, const char *path)
{
	static const struct {
		const char *ending, *program;
	} packers[] = {
		{ ".ko.xz", "xz" },
		{ ".ko.zst", "zstd" },
		{ ".ko.gz", "gzip" },
	};
	size_t length = strlen(path), i, ending;
	char program[8];
	FILE *out;

	for (i = 0; i < sizeof(packers) / sizeof(*packers); i++) {
		ending = strlen(packers[i].ending);
		if (length < ending || strcmp(path + length - ending, packers[i].ending))
			continue;
		strcpy(program, packers[i].program);
		out = signature_run(program, module);
		fclose(module);
		return out;
	}
	return module;
}

/*
 * "2f… I------ 1 perm 1f030000 0 0 asymmetri NAME: 4f…: X509.rsa 1234abcd []",
 * where an organisation may stand before the name.
 */
enum signature_key signature_key(FILE *keys, const char *signer)
{
	enum signature_key found = SIGNATURE_KEY_UNSEEN;
	size_t size = 0, length = strlen(signer);
	char *line = NULL, *name;

	while (found != SIGNATURE_KEY_KNOWN && getline(&line, &size, keys) >= 0) {
		name = strstr(line, " asymmetri ");
		if (!name)
			continue;
		found = SIGNATURE_KEY_UNKNOWN;
		for (name = strstr(name, signer); length && name; name = strstr(name + 1, signer))
			if (name[-1] == ' ' && name[length] == ':')
				found = SIGNATURE_KEY_KNOWN;
	}
	free(line);
	return found;
}
