/** `mite decode`: a stack trace of a board, or one position of its code, led back to lines of TypeScript. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { draftImage } from '../build/image.ts';
import { mapsOf } from '../build/output.ts';
import { openMap, type SourceMap } from '../build/sourcemap.ts';
import { readConfig } from '../config/read.ts';
import { boardNamed, buildOf } from './build.ts';
import type { Events } from './event.ts';
import { Failure } from './failure.ts';
import type { Words } from './verbs.ts';

type Maps = Readonly<Record<string, SourceMap>>;

const position = /([.\w]+):(\d+):(\d+)/g;

/** Of an image that was written with --out, or of one made anew from the same sources. */
async function findMaps(options: Words['options']): Promise<Maps> {
  const { board: name, image: folder } = options;
  const board = boardNamed('decode', name);
  if (typeof folder !== 'string')
    return mapsOf(await draftImage(buildOf(await readConfig(process.cwd()), board, options)));
  const path = join(resolve(folder), `${board.name}.maps.json`);
  if (!existsSync(path))
    throw new Failure('usage', `${path} does not exist`, `mite build --board ${board.name} --out ${folder}`);
  return JSON.parse(readFileSync(path, 'utf8')) as Maps;
}

export async function* decode(words: readonly string[], options: Words['options']): Events {
  const maps = await findMaps(options);
  const places = new Map(Object.entries(maps).map(([name, map]) => [name, openMap(map)]));
  const text = words.length ? words.join(' ') : readFileSync(0, 'utf8');
  for (const line of text.trimEnd().split('\n')) {
    const found = [...line.matchAll(position)].flatMap(([, file, row, column]) => {
      const place = places.get(file!)?.(Number(row), Number(column));
      return place ? [place] : [];
    });
    const shown = found.map(({ file, line: at, column }) => `${file}:${at}:${column}`);
    yield { text: [line, ...shown].join('  '), data: { line, places: found } };
  }
}
