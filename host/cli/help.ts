/** Help texts, made from the verb table. */
import { exits } from './failure.ts';
import { commonOptions, type Option, type Verb } from './verbs.ts';

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

const optionRow = ({ name, value, summary }: Option) =>
  [value ? `--${name} ${value}` : `--${name}`, summary] as const;

export function helpOfAll(verbs: readonly Verb[]): string {
  return [
    'Usage: mite VERB [words] [--json]',
    '',
    columns(verbs.map(({ name, usage, summary }) => [`${name} ${usage}`.trimEnd(), summary])),
    '',
    'Exit codes',
    columns([...Object.values(exits).map(({ code, meaning }) => [String(code), meaning] as const)]),
    columns([['1', 'a defect of mite itself']]),
    '',
    'mite VERB --help tells more about a verb.',
  ].join('\n');
}

export function helpOf({ name, usage, summary, positionals, options }: Verb): string {
  const known = positionals.known ? ['', `${usage} is one of: ${positionals.known.join(', ')}`] : [];
  return [
    `Usage: mite ${`${name} ${usage}`.trimEnd()} [options]`,
    '',
    `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
    ...known,
    '',
    columns([...options, ...commonOptions].map(optionRow)),
  ].join('\n');
}
