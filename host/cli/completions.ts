/** Completion scripts for shells, made from the verb table. */
import type { Events } from './event.ts';
import { commonOptions, type Verb } from './verbs.ts';

/** What may follow a verb. */
const wordsOf = ({ positionals, options }: Verb) => [
  ...(positionals.known ?? []),
  ...[...options, ...commonOptions].map(({ name }) => `--${name}`),
];

function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map(verb => `    ${verb.name}) words='${wordsOf(verb).join(' ')}' ;;`);
  return [
    '_mite() {',
    `  local words='${verbs.map(({ name }) => name).join(' ')} --help'`,
    '  [ "$COMP_CWORD" -gt 1 ] && case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _mite mite',
  ].join('\n');
}

function fish(verbs: readonly Verb[]): string {
  return verbs
    .flatMap(verb => [
      `complete -c mite -n __fish_use_subcommand -a ${verb.name} -d '${verb.summary}'`,
      ...(verb.positionals.known ?? []).map(
        word => `complete -c mite -n '__fish_seen_subcommand_from ${verb.name}' -a ${word}`,
      ),
      ...[...verb.options, ...commonOptions].map(
        ({ name, summary }) =>
          `complete -c mite -n '__fish_seen_subcommand_from ${verb.name}' -l ${name} -d '${summary}'`,
      ),
    ])
    .join('\n');
}

const zsh = (verbs: readonly Verb[]) => `autoload -Uz bashcompinit && bashcompinit\n${bash(verbs)}`;

const scripts: Record<string, (verbs: readonly Verb[]) => string> = { bash, zsh, fish };

export async function* completions(verbs: readonly Verb[], shell: string): Events {
  const script = scripts[shell]!(verbs);
  yield { text: script, data: { shell, script } };
}
