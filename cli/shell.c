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
	"	local IFS=$'\\n' line before word kept= option= i rest=${COMP_LINE:0:COMP_POINT}\n"
	"	local -a words=()\n"
	"	# what stands together is one word, whatever bash breaks it at: file:, state=taken\n"
	"	for ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"		before=${rest%%[!$' \\t']*} rest=${rest#\"${rest%%[!$' \\t']*}\"} word=${COMP_WORDS[i]}\n"
	"		[ \"$i\" -lt \"$COMP_CWORD\" ] || word=$rest\n"
	"		rest=${rest#\"$word\"}\n"
	"		if [ \"$i\" = 0 ] || [ -n \"$before\" ]; then\n"
	"			words+=(\"$word\")\n"
	"		else\n"
	"			words[-1]+=$word\n"
	"		fi\n"
	"	done\n"
	"	word=${words[-1]}\n"
	"	case $word in\n"
	"	[\\'\\\"]*) ;; # in quotes, bash breaks at nothing\n"
	"	*) kept=${word%\"${word##*[$COMP_WORDBREAKS]}\"};;\n"
	"	esac\n"
	"	for i in \"${!words[@]}\"; do\n"
	"		case ${words[i]} in [\\'\\\"]*) words[i]=${words[i]:1} words[i]=${words[i]%[\\'\\\"]};; esac\n"
	"	done\n"
	"	word=${words[-1]}\n"
	"	COMPREPLY=()\n"
	"	while read -r line; do\n"
	"		if [ \"$line\" = $'\\t<files>' ]; then\n"
	"			case $word in --*=*) option=${word%%=*}=;; esac\n"
	"			while read -r line; do\n"
	"				COMPREPLY+=(\"$option$line\")\n"
	"			done < <(compgen -f -- \"${word#\"$option\"}\")\n"
	"			compopt -o filenames 2>/dev/null\n"
	"		else\n"
	"			COMPREPLY+=(\"${line%%$'\\t'*}\")\n"
	"		fi\n"
	"	done < <(\"${words[0]}\" complete -- \"${words[@]:1}\" 2>/dev/null)\n"
	"	case ${COMPREPLY[0]-} in *:) compopt -o nospace 2>/dev/null;; esac\n"
	"	COMPREPLY=(\"${COMPREPLY[@]#\"$kept\"}\")\n"
	"	return 0\n"
	"}\n"
	"complete -F _blksnap blksnap\n";

static const char shell_zsh[] =
	"#compdef blksnap\n"
	"# zsh completion for blksnap: the program itself knows what fits\n"
	"_blksnap()\n"
	"{\n"
	"	local line word\n"
	"	local -a found typed\n"
	"	typed=(\"${(@Q)words[2,CURRENT-1]}\" \"${words[CURRENT]#[\\\"\\']}\")\n"
	"	for line in \"${(@f)$(\"${words[1]}\" complete -- \"${(@)typed}\" 2>/dev/null)}\"; do\n"
	"		if [[ $line == $'\\t<files>' ]]; then\n"
	"			[[ $typed[-1] != --*=* ]] || compset -P '--*='\n"
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
	"	set -l words (commandline -opc)\n"
	"	set -l typed (commandline -ct | string replace -r '^[\"\\']' '')\n"
	"	set -l option (string match -r '^--[^=]*=' -- $typed)\n"
	"	for line in ($words[1] complete -- $words[2..-1] \"$typed\" 2>/dev/null)\n"
	"		if test \"$line\" = \\t'<files>'\n"
	"			for file in (__fish_complete_path (string replace -- \"$option\" '' $typed))\n"
	"				echo \"$option$file\"\n"
	"			end\n"
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
