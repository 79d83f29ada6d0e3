// Regular expressions of the firmware's own small engine.
import type { Engine } from './engine.ts';
import { ObjectValue, type Value } from './value.ts';

export class Regex {
  readonly source: string;
  readonly flags: string;
  lastIndex = 0;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  match(engine: Engine, _text: string): Value {
    return engine.raise('Error', 'regular expressions: not yet');
  }

  split(engine: Engine, _text: string): Value[] {
    return engine.raise('Error', 'regular expressions: not yet');
  }

  replace(engine: Engine, _text: string, _by: Value): string {
    return engine.raise('Error', 'regular expressions: not yet');
  }
}

export function newRegex(engine: Engine, source: string, flags: string): Value {
  const object = new ObjectValue('RegExp');
  object.inner = new Regex(source, flags);
  engine.charge(4);
  return object;
}
