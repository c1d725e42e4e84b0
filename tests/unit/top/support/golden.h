/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that are compared with files, and cells as letters. With
 * BLKSNAP_WRITE_GOLDEN=1 the files are written anew.
 */
#ifndef TEST_TOP_GOLDEN_H
#define TEST_TOP_GOLDEN_H

#include <stdint.h>

/**
 * golden_letter() - a letter for what a cell means; of selected ones a capital
 * @attr: of the cell
 */
char golden_letter(uint8_t attr);

/**
 * golden_read() - a file as a string
 * @path: the file
 *
 * Return: to be freed; a remark if there is no such file.
 */
char *golden_read(const char *path);

/**
 * golden_compare() - fails a test unless the file has this text
 * @path: the file
 * @got: the text
 */
void golden_compare(const char *path, const char *got);

#endif
