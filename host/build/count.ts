/** Functions of a bundle: each costs its board 65 to 90 bytes of RAM although its code lies in flash. */
import { type Node, parse } from 'acorn';

const kinds = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function count(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + count(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const own = kinds.has((value as Node).type) ? 1 : 0;
  return Object.values(value).reduce<number>((sum, each) => sum + count(each), own);
}

export const countFunctions = (code: string): number =>
  count(parse(code, { ecmaVersion: 2022, sourceType: 'script' }));
