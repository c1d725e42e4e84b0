/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schema: which documents have a JSON Schema.
 */
#ifndef BLKSNAP_CLI_SCHEMA_H
#define BLKSNAP_CLI_SCHEMA_H

#include <jansson.h>

/**
 * schema_names() - array of names, as "snapshot.list"
 */
json_t *schema_names(void);

#endif /* BLKSNAP_CLI_SCHEMA_H */
