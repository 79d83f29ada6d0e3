import { expect, test } from 'vitest';
import { composeMaps, encodeMap, openMap, type Segment, type SourceMap } from '#host/build/sourcemap.ts';

const seed = Number(process.env.MITE_SEED ?? Date.now() % 2 ** 31);
console.log(`MITE_SEED=${seed}`);

/** Mulberry32. */
function dice(from: number): (below: number) => number {
  let state = from;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const size = { lines: 40, columns: 3000 };

function randomLines(roll: (below: number) => number, sources: number): Segment[][] {
  return Array.from({ length: size.lines }, () => {
    const columns = new Set(Array.from({ length: roll(12) }, () => roll(size.columns)));
    return [...columns]
      .sort((a, b) => a - b)
      .map(column => ({
        column,
        source: roll(sources),
        sourceLine: roll(size.lines),
        sourceColumn: roll(size.columns),
      }));
  });
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `file${i}.ts`);

function everyPlace(map: SourceMap, ask: (line: number, column: number) => void): void {
  const lines = map.mappings.split(';').length;
  for (let line = 1; line <= lines; line++)
    for (let column = 1; column < size.columns; column += 7) ask(line, column);
}

test('a map that is written is read back', () => {
  const roll = dice(seed);
  const lines = randomLines(roll, 5);
  const map = encodeMap(names(5), lines);
  const placeOf = openMap(map);
  lines.forEach((segments, index) => {
    for (const { column, source, sourceLine, sourceColumn } of segments)
      expect(placeOf(index + 1, column + 1)).toEqual({
        file: `file${source}.ts`,
        line: sourceLine + 1,
        column: sourceColumn + 1,
      });
  });
});

test('asking a composed map is asking twice', () => {
  const roll = dice(seed + 1);
  for (let round = 0; round < 20; round++) {
    const earlier = encodeMap(names(3), randomLines(roll, 3));
    const later = encodeMap(['made.js'], randomLines(roll, 1));
    const [first, second, both] = [openMap(later), openMap(earlier), openMap(composeMaps(later, earlier))];
    everyPlace(later, (line, column) => {
      const middle = first(line, column);
      const wanted = middle && second(middle.line, middle.column);
      // Where the middle leads nowhere, the composed map falls back to the segment before it.
      if (wanted) expect(both(line, column)).toEqual(wanted);
    });
  }
});

test('what is no map is refused', () => {
  expect(() => openMap({ version: 3, sources: [], names: [], mappings: 'A?' })).toThrow('not a source map');
});
