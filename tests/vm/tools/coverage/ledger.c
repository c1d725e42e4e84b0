// SPDX-License-Identifier: GPL-2.0
/*
 * ledger - counters of modules that have ended, as files for gcov.
 *
 * /sys/kernel/debug/blksnap-coverage/NAME.gcda is what gcov would have
 * written beside NAME.o: the format of GCC 12 and 13 (gcov-io.h there). All
 * lives of a module are summed; it is the same build that comes back.
 */
#include <linux/debugfs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ledger.h"

#if __GNUC__ < 12 || __GNUC__ > 13
#error "the format of this compiler's counters is not known here"
#endif

#define COUNTERS 8
#define MAGIC 0x67636461
#define TAG_FUNCTION 0x01000000
#define TAG_COUNTER(kind) (0x01a10000 + ((kind) << 17))

struct gcov_counters {
	unsigned int num;
	s64 *values;
};

struct gcov_function {
	const struct gcov_info *key;
	unsigned int ident;
	unsigned int lineno_checksum;
	unsigned int cfg_checksum;
	struct gcov_counters counters[]; /* of the kinds in use alone */
};

struct gcov_info {
	unsigned int version;
	struct gcov_info *next;
	unsigned int stamp;
	unsigned int checksum;
	const char *filename;
	void (*merge[COUNTERS])(s64 *counters, unsigned int n); /* NULL: kind not in use */
	unsigned int n_functions;
	struct gcov_function **functions;
};

struct account {
	struct list_head list;
	char *filename;
	struct debugfs_blob_wrapper blob;
};

static LIST_HEAD(accounts); /* guarded by lock */
static DEFINE_MUTEX(lock);
static struct dentry *dir;

/* What @merge of an info points at; libgcov would call it, here nobody does. */
void __gcov_merge_add(s64 *counters, unsigned int n);
void __gcov_merge_add(s64 *counters, unsigned int n)
{
}
EXPORT_SYMBOL_GPL(__gcov_merge_add);

static size_t put_word(u8 *file, size_t at, u32 word)
{
	if (file)
		memcpy(file + at, &word, sizeof(word));
	return at + sizeof(word);
}

static size_t add_counters(u8 *file, size_t at, const struct gcov_counters *counters)
{
	unsigned int i;
	s64 sum;

	for (i = 0; file && i < counters->num; i++) {
		memcpy(&sum, file + at + i * sizeof(sum), sizeof(sum));
		sum += READ_ONCE(counters->values[i]);
		memcpy(file + at + i * sizeof(sum), &sum, sizeof(sum));
	}
	return at + counters->num * sizeof(sum);
}

/* Adds the counters of @info to @file, zeroes at first; without one, its size. */
static size_t write_file(u8 *file, const struct gcov_info *info)
{
	const struct gcov_counters *counters;
	const struct gcov_function *fn;
	unsigned int i, kind;
	size_t at = 0;

	at = put_word(file, at, MAGIC);
	at = put_word(file, at, info->version);
	at = put_word(file, at, info->stamp);
	at = put_word(file, at, info->checksum);
	for (i = 0; i < info->n_functions; i++) {
		fn = info->functions[i];
		if (!fn || fn->key != info)
			continue;
		at = put_word(file, at, TAG_FUNCTION);
		at = put_word(file, at, 3 * sizeof(u32));
		at = put_word(file, at, fn->ident);
		at = put_word(file, at, fn->lineno_checksum);
		at = put_word(file, at, fn->cfg_checksum);
		counters = fn->counters;
		for (kind = 0; kind < COUNTERS; kind++) {
			if (!info->merge[kind])
				continue;
			at = put_word(file, at, TAG_COUNTER(kind));
			at = put_word(file, at, counters->num * sizeof(s64));
			at = add_counters(file, at, counters);
			counters++;
		}
	}
	return at;
}

static void account_destroy(struct account *account)
{
	kvfree(account->blob.data);
	kfree(account->filename);
	kfree(account);
}

static struct account *account_create(const struct gcov_info *info)
{
	struct account *account = kzalloc(sizeof(*account), GFP_KERNEL);

	if (!account)
		return NULL;
	account->filename = kstrdup(info->filename, GFP_KERNEL);
	account->blob.size = write_file(NULL, info);
	account->blob.data = kvzalloc(account->blob.size, GFP_KERNEL);
	if (!account->filename || !account->blob.data) {
		account_destroy(account);
		return NULL;
	}
	list_add(&account->list, &accounts);
	debugfs_create_blob(kbasename(account->filename), 0400, dir, &account->blob);
	return account;
}

static struct account *account_get(const struct gcov_info *info)
{
	struct account *account;

	lockdep_assert_held(&lock);
	list_for_each_entry(account, &accounts, list) {
		if (!strcmp(account->filename, info->filename))
			return account;
	}
	return account_create(info);
}

void ledger_add(const struct gcov_info *const *first, const struct gcov_info *const *end)
{
	struct account *account;

	mutex_lock(&lock);
	for (; first != end; first++) {
		account = account_get(*first);
		if (account && account->blob.size == write_file(NULL, *first))
			write_file(account->blob.data, *first);
		else
			pr_warn("blksnap-coverage: %s is not counted\n", (*first)->filename);
	}
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(ledger_add);

static int __init ledger_init(void)
{
	dir = debugfs_create_dir("blksnap-coverage", NULL);
	return PTR_ERR_OR_ZERO(dir);
}

static void __exit ledger_exit(void)
{
	struct account *account, *next;

	debugfs_remove_recursive(dir);
	list_for_each_entry_safe(account, next, &accounts, list)
		account_destroy(account);
}

module_init(ledger_init);
module_exit(ledger_exit);
MODULE_DESCRIPTION("What a module counted, for gcov");
MODULE_LICENSE("GPL");
