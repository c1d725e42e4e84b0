/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The figures of a line of the table: what the model knows of a snapshot or a
 * device, summed up, with what is unknown marked as such. Sorting compares
 * them, drawing and the batch mode format them. Pure.
 */
#ifndef TOP_FIGURES_H
#define TOP_FIGURES_H

#include "model.h"

/**
 * struct figures - a line of the table
 * @name: of the snapshot or device
 * @word: its state, at most 6 characters
 * @severity: of @word
 * @quiet: nothing is expected of it, as of a device that is only tracked
 * @has_fill: @permille is known
 * @permille: fill of the area
 * @eta: time to full
 * @cow_rate: bytes a second copied; negative is unknown, as below
 * @image_rate: bytes a second read from images
 * @write_rate: bytes a second written to the origins
 * @held_rate: writes a second that were held
 * @has_used: @used_bytes is known
 * @used_bytes: area in use
 * @has_total: @total_bytes is known
 * @total_bytes: size of the area
 * @has_p99: a write was held lately
 * @p99_ns: 99 % of them were held for at most this; of a snapshot, its worst
 *	device
 * @p99_open: or longer: there is no upper bound
 * @has_errors: @errors is known
 * @errors: I/O errors met while copying, storing or reading
 * @size_bytes: size of the origins
 * @image: name of the image device; "" if none
 * @mount: of a device: where it is mounted; "" if that is not known
 * @cow: recent past of @cow_rate, or NULL
 * @now_ns: where that ends
 */
struct figures {
	const char *name;
	const char *word;
	enum severity severity;
	bool quiet;
	bool has_fill;
	unsigned int permille;
	struct eta_range eta;
	double cow_rate;
	double image_rate;
	double write_rate;
	double held_rate;
	bool has_used;
	uint64_t used_bytes;
	bool has_total;
	uint64_t total_bytes;
	bool has_p99;
	uint64_t p99_ns;
	bool p99_open;
	bool has_errors;
	uint64_t errors;
	uint64_t size_bytes;
	const char *image;
	const char *mount;
	const struct history *cow;
	uint64_t now_ns;
};

/**
 * struct summary - all snapshots and devices together
 * @warn: objects that need attention
 * @crit: objects that need it now
 * @fail: objects that are broken
 * @cow_rate: bytes a second copied, negative if unknown
 * @image_rate: bytes a second read from images
 * @used_bytes: areas in use
 * @total_bytes: size of the areas
 * @next: the snapshot that will be full first, or NULL
 * @next_eta: when
 * @worst: the most urgent snapshot, or NULL
 */
struct summary {
	unsigned int warn;
	unsigned int crit;
	unsigned int fail;
	double cow_rate;
	double image_rate;
	uint64_t used_bytes;
	uint64_t total_bytes;
	const struct snap *next;
	struct eta_range next_eta;
	const struct snap *worst;
};

/**
 * figures_of_snap() - figures of a snapshot, summed over its members
 * @figures: filled; points into the model
 * @model: the model
 * @snap: one of its snapshots
 */
void figures_of_snap(struct figures *figures, const struct model *model,
		     const struct snap *snap);

/**
 * figures_of_dev() - figures of a device
 * @figures: filled; points into the model
 * @model: the model
 * @dev: one of its devices
 */
void figures_of_dev(struct figures *figures, const struct model *model,
		    const struct dev *dev);

/**
 * figures_of_image() - figures of a device's image
 * @figures: filled; points to what @origin points to
 * @origin: figures of the device
 */
void figures_of_image(struct figures *figures, const struct figures *origin);

/**
 * figures_sum() - all together
 * @summary: filled; points into the model
 * @model: the model
 */
void figures_sum(struct summary *summary, const struct model *model);

#endif
