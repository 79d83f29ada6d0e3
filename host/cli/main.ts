/** The command: finds the verb, parses its words, prints its events, and ends with a documented exit code. */
import { parseArgs } from 'node:util';
import type { Events } from './event.ts';
import { describe, exits, Failure } from './failure.ts';
import { helpOf, helpOfAll } from './help.ts';
import { nearest } from './nearest.ts';
import { commonOptions, type Verb, verbs, type Words } from './verbs.ts';

function findVerb(name: string): Verb {
  const verb = verbs.find(each => each.name === name);
  if (verb) return verb;
  const near = nearest(
    name,
    verbs.map(each => each.name),
  );
  throw new Failure('usage', `mite has no verb "${name}"`, near ? `mite ${near}` : 'mite --help');
}

function parseWords(verb: Verb, args: readonly string[]): Words {
  const next = `mite ${verb.name} --help`;
  const options = Object.fromEntries(
    [...verb.options, ...commonOptions].map(({ name, value }) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { positionals, options: values as Words['options'] };
  } catch (error) {
    throw new Failure('usage', (error as Error).message.split('. ')[0]!, next);
  }
}

function checkPositionals({ name, usage, positionals }: Verb, given: readonly string[]): void {
  const { least, most, known } = positionals;
  if (given.length < least)
    throw new Failure('usage', `${name} needs ${usage}`, `mite ${name} ${known?.[0] ?? usage}`);
  if (given.length > most)
    throw new Failure('usage', `"${given[most]}" is one word too many`, `mite ${name} --help`);
  for (const word of known ? given : []) {
    if (known!.includes(word)) continue;
    const near = nearest(word, known!) ?? known![0]!;
    throw new Failure('usage', `${name} does not know "${word}"`, `mite ${name} ${near}`);
  }
}

async function print(events: Events, json: boolean): Promise<void> {
  for await (const { text, data } of events) {
    if (json) process.stdout.write(`${JSON.stringify(data)}\n`);
    else if (text) process.stdout.write(`${text}\n`);
  }
}

async function run(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${helpOfAll(verbs)}\n`);
    return;
  }
  const verb = findVerb(name);
  const words = parseWords(verb, rest);
  if (words.options.help) {
    process.stdout.write(`${helpOf(verb)}\n`);
    return;
  }
  checkPositionals(verb, words.positionals);
  await print(verb.run(words), words.options.json === true);
}

/** Runs one command line and answers with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(exits.ok.code);
    throw error;
  });
  try {
    await run(args);
    return exits.ok.code;
  } catch (error) {
    const { code, data } = describe(error);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(data)}\n`);
    else process.stderr.write(`mite: ${data.error}\nnext: ${data.next}\n`);
    return code;
  }
}
