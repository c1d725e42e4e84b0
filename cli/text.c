// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * text: see text.h.
 */
#include <stdlib.h>

#include "json.h"
#include "text.h"

int text_begin(struct cli *cli, struct text *text)
{
	*text = (struct text){ .out = stdout };
	if (cli->args.json)
		text->out = open_memstream(&text->kept, &text->size);
	return text->out ? 0 :
			   cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				      "out of memory");
}

int text_end(struct cli *cli, struct text *text)
{
	json_t *doc;

	if (text->out == stdout)
		return 0;
	if (fclose(text->out)) {
		free(text->kept);
		return cli_refuse(cli, BLKSNAP_EXIT_NO_SPACE, NULL, NULL,
				  "out of memory");
	}
	doc = json_document("text");
	json_object_set_new(doc, "text", json_text(true, text->kept));
	free(text->kept);
	return cli_print_json(cli, doc);
}

int text_written(struct cli *cli, const char *path, long bytes)
{
	json_t *doc;

	if (!cli->args.json)
		return 0;
	doc = json_document("text");
	json_object_set_new(doc, "text", json_null());
	json_object_set_new(doc, "output", json_text(true, path));
	json_object_set_new(doc, "output_bytes", json_number(bytes >= 0, (uint64_t)bytes));
	return cli_print_json(cli, doc);
}
