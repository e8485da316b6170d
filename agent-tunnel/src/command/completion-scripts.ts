/**
 * Completion scripts for three shells, written from the tree of commands. Only names of resources are asked for live,
 * by `sluice completion resources`, which prints none but plain ones: a shell would run what it finds in a name.
 */
import type { CompletionNode, CompletionOption } from './completion-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const NAMES = 'sluice completion resources 2>/dev/null';

export function completionScript(shell: Shell, tree: readonly CompletionNode[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](tree);
}

function bashScript(tree: readonly CompletionNode[]): string {
  return `# bash completion of sluice. In ~/.bashrc: source <(sluice completion bash)
_sluice() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at='' word i commands='' options='' takes=''
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == -- ]]; then
      mapfile -t COMPREPLY < <(compgen -c -- "$cur"; compgen -f -- "$cur")
      return
    fi
${pathCase(tree)}
  done
  case "$at|$prev" in
${valueCases(tree, {
  file: 'mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return',
  choices: (words) => `mapfile -t COMPREPLY < <(compgen -W '${words}' -- "$cur"); return`,
})}
  esac
${nodeCase(tree)}
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  else
    [[ $takes == resource ]] && commands="$commands $(${NAMES})"
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur"; [[ $takes == file ]] && compgen -f -- "$cur")
  fi
}
complete -F _sluice sluice
`;
}

function zshScript(tree: readonly CompletionNode[]): string {
  return `#compdef sluice
# zsh completion of sluice. In ~/.zshrc, after compinit: source <(sluice completion zsh)
_sluice() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} at='' word i commands='' options='' takes=''
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ $word == -- ]]; then
      _command_names
      _files
      return
    fi
${pathCase(tree)}
  done
  case "$at|$prev" in
${valueCases(tree, { file: '_files; return', choices: (words) => `compadd -- ${words}; return` })}
  esac
${nodeCase(tree)}
  if [[ $cur == -* ]]; then
    compadd -- \${=options}
  else
    [[ $takes == resource ]] && commands="$commands $(${NAMES})"
    if [[ $takes == file ]]; then
      _files
    else
      compadd -- \${=commands}
    fi
  fi
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _sluice "$@"
else
  compdef _sluice sluice
fi
`;
}

function fishScript(tree: readonly CompletionNode[]): string {
  const lines = tree.flatMap(({ path, commands, options, takes }) => {
    const here = `complete -c sluice -n '__sluice_at "${path}"'`;
    return [
      ...commands.map(({ name, description }) => `${here} -a ${name} -d ${fishText(description)}`),
      ...options.map((option) => `${here} ${fishOption(option)} -d ${fishText(option.description)}`),
      ...(takes === 'resource' ? [`${here} -a '(${NAMES})'`] : []),
      ...(takes === 'file' ? [`${here} -F`] : []),
    ];
  });
  return `# fish completion of sluice: sluice completion fish > ~/.config/fish/completions/sluice.fish
set -g __sluice_paths ${pathsOf(tree).map(fishText).join(' ')}
function __sluice_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$at $word")
        if contains -- "$next" $__sluice_paths
            set at "$next"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c sluice -f
${lines.join('\n')}
`;
}

function fishOption({ flags, value, choices }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
  if (choices.length > 0) return `${names} -x -a '${choices.join(' ')}'`;
  return value === 'none' ? names : value === 'file' ? `${names} -r -F` : `${names} -x`;
}

function fishText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function pathsOf(tree: readonly CompletionNode[]): readonly string[] {
  return tree.flatMap(({ path }) => (path === '' ? [] : [path]));
}

/** Follows the words that were typed down the tree; the same for bash and zsh. */
function pathCase(tree: readonly CompletionNode[]): string {
  const patterns = pathsOf(tree).map((path) => `'${path}'`);
  return `    case "\${at:+$at }$word" in\n      ${patterns.join('|')}) at="\${at:+$at }$word" ;;\n    esac`;
}

function valueCases(
  tree: readonly CompletionNode[],
  actions: { readonly file: string; readonly choices: (words: string) => string },
): string {
  const cases = tree.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value !== 'none')
      .map(({ flags, value, choices }) => {
        const patterns = flags.map((flag) => `'${path}|${flag}'`).join('|');
        const action =
          choices.length > 0 ? actions.choices(choices.join(' ')) : value === 'file' ? actions.file : 'return';
        return `    ${patterns}) ${action} ;;`;
      }),
  );
  return cases.join('\n');
}

function nodeCase(tree: readonly CompletionNode[]): string {
  const cases = tree.map(({ path, commands, options, takes }) => {
    const names = commands.map(({ name }) => name).join(' ');
    const flags = options.flatMap((option) => option.flags).join(' ');
    return `    '${path}') commands='${names}' options='${flags}' takes='${takes ?? ''}' ;;`;
  });
  return `  case "$at" in\n${cases.join('\n')}\n  esac`;
}
