// SPDX-License-Identifier: GPL-2.0
/*
 * failer - lets one allocation or one bio of blksnap fail, for the tests on the
 * debug kernel. The kernel's own fault injection counts per task, whatever the
 * task does; this counts what has blksnap's text on its stack, in any context.
 *
 * A place is a path through blksnap that ends in an allocation or a submission:
 * up to PLACE_DEPTH return addresses, innermost first. Places are numbered as
 * they are first met. debugfs "failer" takes
 *
 *   count          count from now on, fail nothing
 *   nth N          and fail the N-th that comes
 *   place P N      and fail the N-th that comes at place P
 *   cache NAME     fail each of this slab cache that is asked for from blksnap, and
 *                  count nothing
 *   off            count no more
 *
 * and tells in its first line how many came and the place that failed (or -1),
 * then "PLACE KIND HITS ADDRESS…" a place, hits since the last command.
 */
#include <linux/blkdev.h>
#include <linux/debugfs.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>

/* For the flags of a cache; the inline functions of its header want these. */
struct slab {
	unsigned int objects;
};
static inline void *slab_address(const struct slab *slab)
{
	return NULL;
}
#include <linux/slub_def.h>

#define PLACE_DEPTH 3
#define MAX_PLACES 1024
#define STACK_DEPTH 64

/*
 * What an interrupt put on top of somebody's stack is not his doing, and the
 * end of a bio is not so deep.
 */
#define INTERRUPT_DEPTH 10

/*
 * Pages that a slab takes when it is empty come now and then, from deeper down;
 * that the slab has nothing is failed anyway.
 */
#define PAGE_DEPTH 8

enum kind { KIND_SLAB, KIND_PAGE, KIND_BIO, KINDS };
static const char *const kind_words[] = { "slab", "page", "bio" };

static unsigned long text, text_bytes;
module_param(text, ulong, 0);
MODULE_PARM_DESC(text, "where blksnap's text begins");
module_param(text_bytes, ulong, 0);
MODULE_PARM_DESC(text_bytes, "and how long it is");
static unsigned int spare_major, spare_minor;
module_param(spare_major, uint, 0);
module_param(spare_minor, uint, 0);
MODULE_PARM_DESC(spare_major, "a device whose bios do not fail, for it has a file system");

/* Or nothing of this: be the owner of that function, and let it do what it does. */
static char *owns;
module_param(owns, charp, 0);
MODULE_PARM_DESC(owns, "a function that nobody else may redirect then");

struct place {
	unsigned long address[PLACE_DEPTH];
	enum kind kind;
	unsigned int hits;
	unsigned int depth; /* of the first address */
};

static DEFINE_RAW_SPINLOCK(lock); /* guards what follows */
static struct place places[MAX_PLACES];
static unsigned int nr_places;
static bool counting;
static unsigned int points, target; /* target 0: none */
static int target_place; /* -1: any */
static int failed; /* place, -1: none yet */
static char no_more[32]; /* name of a cache that has nothing */

static bool place_find(struct place *p, enum kind kind)
{
	unsigned long stack[STACK_DEPTH];
	unsigned int i, n, found = 0;

	n = kind == KIND_PAGE ? PAGE_DEPTH : in_interrupt() ? INTERRUPT_DEPTH : STACK_DEPTH;
	n = stack_trace_save(stack, n, 0);
	memset(p, 0, sizeof(*p));
	p->kind = kind;
	for (i = 0; i < n && found < PLACE_DEPTH; i++) {
		if (stack[i] - text >= text_bytes)
			continue;
		if (!found)
			p->depth = i;
		p->address[found++] = stack[i];
	}
	return found;
}

static int place_number(const struct place *p)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		if (places[i].kind == p->kind &&
		    !memcmp(places[i].address, p->address, sizeof(p->address)))
			return i;
	if (nr_places == MAX_PLACES)
		return -1;
	places[nr_places] = *p;
	return nr_places++;
}

/* Is this the one? */
static bool point(enum kind kind)
{
	unsigned long flags;
	struct place p;
	bool hit = false;
	int nr;

	if (!READ_ONCE(counting) || !place_find(&p, kind))
		return false;
	raw_spin_lock_irqsave(&lock, flags);
	nr = place_number(&p);
	if (counting && nr >= 0) {
		places[nr].hits++;
		points++;
		if (failed < 0 && target)
			hit = target_place < 0 ? points == target :
						 nr == target_place && places[nr].hits == target;
		if (hit)
			failed = nr;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	return hit;
}

/* ---- in place of the kernel's own fault injection ---- */

static bool cache_is_empty(const struct kmem_cache *s)
{
	unsigned long flags;
	struct place p;
	bool is;

	if (!READ_ONCE(no_more[0]))
		return false;
	raw_spin_lock_irqsave(&lock, flags);
	is = !strcmp(s->name, no_more);
	raw_spin_unlock_irqrestore(&lock, flags);
	return is && place_find(&p, KIND_SLAB);
}

/* Caches that leak nothing are those of KASAN, kmemleak and debugobjects. */
static int instead_of_slab(struct kmem_cache *s, gfp_t gfp)
{
	if ((gfp & __GFP_NOFAIL) || (s->flags & SLAB_NOLEAKTRACE))
		return 0;
	return cache_is_empty(s) || point(KIND_SLAB) ? -ENOMEM : 0;
}

static bool instead_of_page(gfp_t gfp, unsigned int order)
{
	return !(gfp & __GFP_NOFAIL) && point(KIND_PAGE);
}

static int instead_of_bio(struct bio *bio)
{
	if (bio_dev(bio) == MKDEV(spare_major, spare_minor))
		return 0;
	return point(KIND_BIO) ? -EIO : 0;
}

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	ftrace_instruction_pointer_set(fregs, (unsigned long)ops->private);
}

#define REDIRECT(function)                                                                         \
	{                                                                                          \
		.func = redirect, .private = function,                                             \
		.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_SAVE_REGS, \
	}

static struct ftrace_ops redirects[KINDS] = {
	[KIND_SLAB] = REDIRECT(instead_of_slab),
	[KIND_PAGE] = REDIRECT(instead_of_page),
	[KIND_BIO] = REDIRECT(instead_of_bio),
};
static char *const redirected[] = { "should_failslab", "should_fail_alloc_page",
				    "should_fail_bio" };

static void notrace leave(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			  struct ftrace_regs *fregs)
{
}

static struct ftrace_ops owner = {
	.func = leave,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_DYNAMIC | FTRACE_OPS_FL_SAVE_REGS,
};

static int owner_add(void)
{
	int ret = ftrace_set_filter(&owner, (unsigned char *)owns, strlen(owns), 1);

	if (!ret)
		ret = register_ftrace_function(&owner);
	if (ret)
		ftrace_free_filter(&owner);
	return ret;
}

static void owner_remove(void)
{
	unregister_ftrace_function(&owner);
	synchronize_rcu_tasks();
	ftrace_free_filter(&owner);
}

static void remove_redirects(int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		unregister_ftrace_function(&redirects[i]);
	/* whoever was sent here has left: the trampolines wait for tasks too */
	synchronize_rcu_tasks();
	for (i = 0; i < KINDS; i++)
		ftrace_free_filter(&redirects[i]);
}

static int add_redirects(void)
{
	int i, ret;

	for (i = 0; i < KINDS; i++) {
		ret = ftrace_set_filter(&redirects[i], (unsigned char *)redirected[i],
					strlen(redirected[i]), 1);
		if (!ret)
			ret = register_ftrace_function(&redirects[i]);
		if (ret) {
			pr_err("failer: %s: %d\n", redirected[i], ret);
			remove_redirects(i);
			return ret;
		}
	}
	return 0;
}

/* ---- debugfs ---- */

static ssize_t failer_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	char line[64] = "", cache[sizeof(no_more)] = "";
	unsigned int nth = 0, i;
	bool on = true;
	int nr = -1;

	if (count >= sizeof(line) || copy_from_user(line, from, count))
		return -EINVAL;
	if (!strncmp(line, "off", 3) || sscanf(line, "cache %31s", cache) == 1)
		on = false;
	else if (strncmp(line, "count", 5) && sscanf(line, "nth %u", &nth) != 1 &&
		 sscanf(line, "place %d %u", &nr, &nth) != 2)
		return -EINVAL;
	raw_spin_lock_irq(&lock);
	if (on) {
		points = 0;
		for (i = 0; i < nr_places; i++)
			places[i].hits = 0;
		target = nth;
		target_place = nr;
		failed = -1;
	}
	counting = on;
	strcpy(no_more, cache);
	raw_spin_unlock_irq(&lock);
	return count;
}

static int failer_show(struct seq_file *m, void *unused)
{
	unsigned int i, j;

	/* Places are only added, and numbers may move on. */
	seq_printf(m, "%u %d\n", READ_ONCE(points), READ_ONCE(failed));
	for (i = 0; i < READ_ONCE(nr_places); i++) {
		seq_printf(m, "%u %s %u %u:", i, kind_words[places[i].kind], places[i].hits,
			   places[i].depth);
		for (j = 0; j < PLACE_DEPTH && places[i].address[j]; j++)
			seq_printf(m, " %ps+%lx", (void *)places[i].address[j],
				   places[i].address[j] - text);
		seq_putc(m, '\n');
	}
	return 0;
}

static int failer_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, failer_show, NULL, MAX_PLACES * 160);
}

static const struct file_operations failer_fops = {
	.owner = THIS_MODULE,
	.open = failer_open,
	.read = seq_read,
	.write = failer_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static struct dentry *failer_dentry;

static int __init failer_init(void)
{
	int ret;

	if (owns)
		return owner_add();
	if (!text || !text_bytes)
		return -EINVAL;
	failed = -1;
	ret = add_redirects();
	if (ret)
		return ret;
	failer_dentry = debugfs_create_file("failer", 0600, NULL, NULL, &failer_fops);
	return 0;
}

static void __exit failer_exit(void)
{
	if (owns) {
		owner_remove();
		return;
	}
	debugfs_remove(failer_dentry);
	remove_redirects(KINDS);
}

module_init(failer_init);
module_exit(failer_exit);
MODULE_DESCRIPTION("lets allocations of blksnap fail, for its tests");
MODULE_LICENSE("GPL");
