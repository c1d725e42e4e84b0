// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * stack_recorded: the stack of block devices from and to the lines of a
 * recording; their format is in blksnap_recording.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr_text.h"
#include "error.h"
#include "recording.h"
#include "stack.h"
#include "stack_recorded.h"

static void *stack_more(void *array, size_t *count, size_t size)
{
	void **items = array;
	void *grown = reallocarray(*items, *count + 1, size);

	if (!grown)
		return NULL;
	*items = grown;
	return memset((char *)grown + (*count)++ * size, 0, size);
}

/* What follows @key in @line: a word, or text between quotes. To be freed. */
static char *stack_value(const char *line, const char *key)
{
	const char *at = strstr(line, key);
	char text[PATH_MAX];

	if (!at || at == line || at[-1] != ' ')
		return NULL;
	at += strlen(key);
	if (*at != '"')
		return strndup(at, strcspn(at, " "));
	return attr_text_unquote(at, text, sizeof(text)) ? strdup(text) : NULL;
}

static bool stack_flag(const char *line, const char *word)
{
	const char *at = line;
	size_t len = strlen(word);

	while ((at = strstr(at, word))) {
		if (at > line && at[-1] == ' ' && (!at[len] || at[len] == ' '))
			return true;
		at += len;
	}
	return false;
}

static int stack_read_block(struct blksnap_stack *stack, const char *line)
{
	struct stack_node *node;
	char name[BLKSNAP_DISK_NAME_MAX + 1], *part, *colon;

	node = stack_more(&stack->nodes, &stack->n_nodes, sizeof(*node));
	if (!node)
		return -ENOMEM;
	if (sscanf(line, "%u:%u %63s %" SCNu64, &node->dev.major, &node->dev.minor,
		   name, &node->sectors) != 4)
		name[0] = 0;
	node->name = strdup(name);
	if (!node->name)
		return -ENOMEM;
	node->readonly = stack_flag(line, "ro");
	node->swap = stack_flag(line, "swap");
	node->requests = stack_flag(line, "requests");
	node->label = stack_value(line, "label=");
	node->file = stack_value(line, "file=");
	part = stack_value(line, "part=");
	colon = part ? strrchr(part, ':') : NULL;
	if (colon) {
		*colon = 0;
		node->start_sectors = strtoull(colon + 1, NULL, 10);
	}
	node->parent = part;
	return 0;
}

static int stack_lower_add(struct blksnap_stack *stack, size_t upper,
			   size_t lower, bool file)
{
	struct stack_node *node = &stack->nodes[upper];
	struct stack_lower *item;

	if (lower == STACK_NONE || lower == upper)
		return 0;
	item = stack_more(&node->lower, &node->n_lower, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = (struct stack_lower){ lower, file };
	return 0;
}

static int stack_read_lower(struct blksnap_stack *stack, size_t upper,
			    const char *line)
{
	struct stack_node *node = &stack->nodes[upper];
	char *names = stack_value(line, "on="), *name, *rest;
	const struct stack_fs *fs;
	size_t i;
	int ret = 0;

	if (node->parent)
		ret = stack_lower_add(stack, upper,
				      stack_find_name(stack, node->parent), false);
	for (name = names ? strtok_r(names, ",", &rest) : NULL; name && !ret;
	     name = strtok_r(NULL, ",", &rest))
		ret = stack_lower_add(stack, upper, stack_find_name(stack, name),
				      false);
	free(names);
	fs = node->file ? stack_fs_of(stack, node->file) : NULL;
	for (i = 0; fs && !ret && i < fs->n_nodes; i++)
		ret = stack_lower_add(stack, upper, fs->nodes[i], true);
	return ret;
}

static int stack_read_mount(struct blksnap_stack *stack, const char *line)
{
	char target[PATH_MAX], name[BLKSNAP_DISK_NAME_MAX + 1];
	struct stack_fs *fs;
	const char *at = line;
	size_t node, *item;

	if (*at != '"' || !(at = attr_text_unquote(at, target, sizeof(target))))
		return 0;
	fs = stack_more(&stack->fses, &stack->n_fses, sizeof(*fs));
	if (!fs)
		return -ENOMEM;
	fs->target = strdup(target);
	if (!fs->target)
		return -ENOMEM;
	while (sscanf(at, " %63s", name) == 1) {
		at = strstr(at, name) + strlen(name);
		if (!strcmp(name, "by-path"))
			fs->by_path = true;
		node = stack_find_name(stack, name);
		if (node == STACK_NONE)
			continue;
		item = stack_more(&fs->nodes, &fs->n_nodes, sizeof(*item));
		if (!item)
			return -ENOMEM;
		*item = node;
	}
	return 0;
}

static int stack_read(struct blksnap_stack *stack,
		      const struct blksnap_recording *rec)
{
	size_t i, node;
	int ret = 0;

	for (i = 0; !ret && i < rec->n_blocks; i++)
		if (!rec->blocks[i].mount)
			ret = stack_read_block(stack, rec->blocks[i].line);
	for (i = 0; !ret && i < rec->n_blocks; i++)
		if (rec->blocks[i].mount)
			ret = stack_read_mount(stack, rec->blocks[i].line);
	for (i = 0, node = 0; !ret && i < rec->n_blocks; i++)
		if (!rec->blocks[i].mount)
			ret = stack_read_lower(stack, node++, rec->blocks[i].line);
	return ret;
}

int blksnap_recording_stack(const struct blksnap_recording *recording,
			    struct blksnap_stack **stack, struct blksnap_error *err)
{
	struct blksnap_stack *s = calloc(1, sizeof(*s));

	error_clear(err);
	if (!s)
		return error_set(err, ENOMEM, NULL);
	/* paths that are none of its devices lead nowhere */
	s->root = strdup("/nonexistent");
	if (!s->root || stack_read(s, recording)) {
		blksnap_stack_close(s);
		return error_set(err, ENOMEM, NULL);
	}
	*stack = s;
	return 0;
}

/* ------------------------------------------------------------- writing */

static void stack_write_text(FILE *out, const char *key, const char *text)
{
	if (!text)
		return;
	fprintf(out, " %s=", key);
	attr_text_quote(out, text, strlen(text));
}

void stack_record(FILE *out, const struct blksnap_stack *stack)
{
	const struct stack_node *node;
	const struct stack_fs *fs;
	const char *before;
	size_t i, j;

	for (i = 0; i < stack->n_nodes; i++) {
		node = &stack->nodes[i];
		fprintf(out, "block %u:%u %s %" PRIu64, node->dev.major,
			node->dev.minor, node->name, node->sectors);
		fputs(node->readonly ? " ro" : "", out);
		fputs(node->swap ? " swap" : "", out);
		fputs(node->requests ? " requests" : "", out);
		stack_write_text(out, "label", node->label);
		stack_write_text(out, "file", node->file);
		if (node->parent)
			fprintf(out, " part=%s:%" PRIu64, node->parent,
				node->start_sectors);
		before = " on=";
		for (j = 0; j < node->n_lower; j++) {
			const struct stack_node *lower =
				&stack->nodes[node->lower[j].node];

			/* these two are told by part= and file= */
			if (node->lower[j].file ||
			    (node->parent && !strcmp(node->parent, lower->name)))
				continue;
			fprintf(out, "%s%s", before, lower->name);
			before = ",";
		}
		fputc('\n', out);
	}
	for (i = 0; i < stack->n_fses; i++) {
		fs = &stack->fses[i];
		fputs("mount ", out);
		attr_text_quote(out, fs->target, strlen(fs->target));
		for (j = 0; j < fs->n_nodes; j++)
			fprintf(out, " %s", stack->nodes[fs->nodes[j]].name);
		fputs(fs->by_path ? " by-path\n" : "\n", out);
	}
}
