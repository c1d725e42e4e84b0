# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For cases that do what doc/recipes.md says.

# What stands in the recipe, as it stands there.
recipe() { # NAME
	step "recipe: $1"
	awk -v mark="<!-- recipe: $1 -->" '
	$0 == mark { on = 1; next }
	on && /^```/ { if (inside) exit; inside = 1; next }
	inside { print }' "$BLKSNAP_TOP/doc/recipes.md" >"$SCRATCH/recipe"
	[ -s "$SCRATCH/recipe" ] || fail "there is no recipe $1"
	bash -e "$SCRATCH/recipe" || fail "the recipe $1 ended with $?: $(cat "$SCRATCH/recipe")"
	expect '' "$(blksnap snapshot list | sed 1d)" 'snapshots left'
}

sums() { (cd "$1" && find . -type f -exec cksum {} + | sort); } # DIR
