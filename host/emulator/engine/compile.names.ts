/** Which names a list of statements declares, and where they live. */
import type { Shape } from './scope.ts';
import type { Statement } from './tree.ts';

/** Adds to a function's shape: var, function and class at any depth, let and const outside blocks. */
export function collect(statements: readonly Statement[], shape: Shape): void {
  for (const statement of statements) visit(statement, shape, false);
}

function visit(statement: Statement, shape: Shape, inBlock: boolean): void {
  switch (statement.kind) {
    case 'declare':
      if (statement.type === 'var' || !inBlock) for (const item of statement.items) shape.add(item.name);
      return;
    case 'function':
    case 'class':
      shape.add(statement.definition.name!);
      return;
    default:
      for (const { child, isBlock } of children(statement)) visit(child, shape, inBlock || isBlock);
  }
}

/** The let and const names that a block itself declares (not its inner blocks). */
export function blockNames(statements: readonly Statement[]): string[] {
  const names: string[] = [];
  const look = (statement: Statement): void => {
    if (statement.kind === 'declare') {
      if (statement.type !== 'var') for (const item of statement.items) names.push(item.name);
      return;
    }
    for (const { child, isBlock } of children(statement)) if (!isBlock) look(child);
  };
  for (const statement of statements) look(statement);
  return names;
}

interface Child {
  child: Statement;
  /** The child stands in a scope of its own. */
  isBlock: boolean;
}

function plain(child: Statement | null): Child[] {
  return child ? [{ child, isBlock: false }] : [];
}

function own(child: Statement | null): Child[] {
  return child ? [{ child, isBlock: true }] : [];
}

function children(statement: Statement): Child[] {
  switch (statement.kind) {
    case 'block':
      return statement.body.flatMap(own);
    case 'if':
      return [...plain(statement.yes), ...plain(statement.no)];
    case 'while':
    case 'do':
      return plain(statement.body);
    case 'for':
      return [...own(statement.start), ...own(statement.body)];
    case 'each':
      return [...own(statement.target), ...own(statement.body)];
    case 'switch':
      return statement.cases.flatMap(each => each.body.flatMap(plain));
    case 'try':
      return [...plain(statement.body), ...plain(statement.handler), ...plain(statement.last)];
    default:
      return [];
  }
}
