// SPDX-License-Identifier: GPL-2.0-or-later
/* blksnap-top: watch the snapshots of the running kernel. */
#include "app.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, source_open_kernel);
}
