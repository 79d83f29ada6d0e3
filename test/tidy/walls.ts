/** Walls between rooms: who may import whom, and what no room of pure code may touch. */
import ts from 'typescript';
import { type Edge, edgesOf } from './imports.ts';
import { isTest, lineOf, nodesOf, type Rule } from './source.ts';

const pure = ['circuits', 'device', 'boards'];

/** Rooms that a room may import besides itself. */
const doors: Readonly<Record<string, readonly string[]>> = {
  circuits: [],
  device: ['circuits'],
  boards: [],
  host: ['boards', 'circuits', 'bridge', 'bridge/reconcile'],
  bridge: ['circuits'],
  'bridge/reconcile': ['circuits'],
};

function roomOf(path: string): string {
  if (path.startsWith('bridge/reconcile/')) return 'bridge/reconcile';
  return path.includes('/') ? path.split('/')[0]! : '';
}

const isNoble = (path: string) => /\.noble(\.test)?\.ts$/.test(path);
const isInside = (edge: Edge) => /^[#.]/.test(edge.specifier);

function checkInside({ from, to, specifier }: Edge): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (!/\.(ts|mjs|json)$/.test(to)) return `${specifier} does not name a file with its ending`;
  if (isNoble(to) && pure.includes(room) && !isNoble(from))
    return `takes ${to}: what a device loads never leads to a library`;
  if (room === other) return undefined;
  if (specifier.startsWith('.')) return `reaches into another room by ${specifier}: use #${to}`;
  if (room === 'bridge' && to.startsWith('bridge/reconcile/api')) return undefined;
  return doors[room]?.includes(other) ? undefined : `room ${room} may not import ${to}`;
}

function checkOutside({ from, to }: Edge): string | undefined {
  if (to.startsWith('@noble/')) return isNoble(from) ? undefined : `takes ${to} outside *.noble.ts`;
  return pure.includes(roomOf(from)) ? `a room of pure code takes ${to}` : undefined;
}

/** Returns what it is given, so that a configuration is checked while it is written. */
const defineFlash = 'host/config/define.ts';

export const walls: Rule = sources =>
  edgesOf(sources).flatMap(edge => {
    if (isTest(edge.from)) return [];
    if (edge.from === 'flash.config.ts' && !edge.typeOnly && edge.to !== defineFlash)
      return [`${edge.from}: imports more than types`];
    if (roomOf(edge.from) === '') return [];
    const finding = isInside(edge) ? checkInside(edge) : checkOutside(edge);
    return finding ? [`${edge.from}: ${finding}`] : [];
  });

const ambient = new Set([
  ...['Date', 'performance', 'crypto', 'process', 'console', 'Buffer', 'globalThis', 'require', 'fetch'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);

const isName = (node: ts.Identifier) => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
};

/** Pure code has no clock, no chance, no input and no output. */
export const purity: Rule = sources =>
  [...sources].flatMap(([path, source]) =>
    !pure.includes(roomOf(path)) || roomOf(path) === 'device'
      ? []
      : [...nodesOf(source)].flatMap(node => {
          const chance = ts.isPropertyAccessExpression(node) && node.getText(source) === 'Math.random';
          const global = ts.isIdentifier(node) && ambient.has(node.text) && !isName(node);
          return chance || global
            ? [`${path}:${lineOf(source, node)}: pure code uses ${node.getText(source)}`]
            : [];
        }),
  );
