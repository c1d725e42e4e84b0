// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shell: the completion scripts, and the commands that print candidates and
 * scripts. A script asks the program, so that it need not change with it.
 */
#include <stdio.h>
#include <string.h>

#include "complete.h"
#include "text.h"

static const char shell_bash[] =
	"# bash completion for blksnap: the program itself knows what fits\n"
	"_blksnap()\n"
	"{\n"
	"	local line words cword cur prev IFS=$'\\n'\n"
	"	# words with colons (file:, 254:16) stay whole\n"
	"	if declare -F _get_comp_words_by_ref >/dev/null; then\n"
	"		_get_comp_words_by_ref -n : cur prev words cword\n"
	"	else\n"
	"		words=(\"${COMP_WORDS[@]}\") cword=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]}\n"
	"	fi\n"
	"	COMPREPLY=()\n"
	"	for line in $(\"${words[0]}\" complete -- \"${words[@]:1:cword}\" 2>/dev/null); do\n"
	"		if [ \"$line\" = $'\\t<files>' ]; then\n"
	"			COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
	"			compopt -o filenames 2>/dev/null\n"
	"		else\n"
	"			COMPREPLY+=(\"${line%%$'\\t'*}\")\n"
	"		fi\n"
	"	done\n"
	"	case ${COMPREPLY[0]-} in *:) compopt -o nospace 2>/dev/null;; esac\n"
	"	declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions \"$cur\"\n"
	"	return 0\n"
	"}\n"
	"complete -F _blksnap blksnap\n";

static const char shell_zsh[] =
	"#compdef blksnap\n"
	"# zsh completion for blksnap: the program itself knows what fits\n"
	"_blksnap()\n"
	"{\n"
	"	local line word\n"
	"	local -a found\n"
	"	for line in \"${(@f)$(\"${words[1]}\" complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
	"		if [[ $line == $'\\t<files>' ]]; then\n"
	"			_files\n"
	"		elif [[ -n $line ]]; then\n"
	"			word=${line%%$'\\t'*}\n"
	"			found+=(\"${word//:/\\\\:}:${line#*$'\\t'}\")\n"
	"		fi\n"
	"	done\n"
	"	(( $#found )) && _describe -V blksnap found\n"
	"}\n"
	"if [ \"$funcstack[1]\" = _blksnap ]; then _blksnap \"$@\"; else compdef _blksnap blksnap; fi\n";

static const char shell_fish[] =
	"# fish completion for blksnap: the program itself knows what fits\n"
	"function __blksnap_complete\n"
	"	set -l words (commandline -opc) (commandline -ct)\n"
	"	for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)\n"
	"		if test \"$line\" = \\t'<files>'\n"
	"			__fish_complete_path (commandline -ct)\n"
	"		else\n"
	"			echo $line\n"
	"		end\n"
	"	end\n"
	"end\n"
	"complete -c blksnap -f -a '(__blksnap_complete)'\n";

const char *complete_script(const char *shell)
{
	if (!strcmp(shell, "bash"))
		return shell_bash;
	if (!strcmp(shell, "zsh"))
		return shell_zsh;
	if (!strcmp(shell, "fish"))
		return shell_fish;
	return NULL;
}

int completion_cmd(struct cli *cli)
{
	const char *script = complete_script(cli->args.args[0]);
	struct text text;
	int ret;

	if (!script)
		return cli_refuse(cli, BLKSNAP_EXIT_USAGE, cli->args.args[0], NULL,
				  "there is a script for bash, zsh and fish");
	ret = text_begin(cli, &text);
	if (ret)
		return ret;
	fputs(script, text.out);
	return text_end(cli, &text);
}

int complete_cmd(struct cli *cli)
{
	complete_words(cli, cli->args.args, cli->args.n_args);
	return 0;
}
