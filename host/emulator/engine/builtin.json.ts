/** JSON: lax in what it reads, and a duplicate key keeps its first value. */
import { addLibrary } from './builtin.ts';
import { keyOfText, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Lexer, tokenName } from './lex.ts';
import { readFloat } from './number.ts';
import { JSON_FORM, printValue } from './print.ts';
import { getOwn, type Key } from './property.ts';
import { latin1, type ObjectValue, TextValue, UNDECLARED, type Value } from './value.ts';

export function installJson(engine: Engine): void {
  addLibrary(engine, 'JSON', {
    parse: (_self, [text]) => parseJson(engine, toText(engine, text)),
    stringify: (_self, [value, , space]) => {
      const whitespace =
        typeof space === 'number'
          ? ' '.repeat(Math.min(10, space))
          : space === undefined
            ? ''
            : toText(engine, space);
      const pretty = whitespace !== '';
      const newlines = pretty ? 'all' : 'none';
      return engine.newText(printValue(engine, value, { ...JSON_FORM, pretty, newlines, whitespace }));
    },
  });
}

/** `bareKeys`: keys need no quotes, as Storage.readJSON takes them. */
export function parseJson(engine: Engine, text: string, bareKeys = false): Value {
  return new JsonReader(engine, text, bareKeys).value();
}

/** A Unicode key is filed by its bytes. */
function utf8Key(text: string): string {
  return latin1(Buffer.from(text, 'utf8'));
}

class JsonReader {
  readonly #engine: Engine;
  readonly #lexer: Lexer;
  readonly #bareKeys: boolean;

  constructor(engine: Engine, text: string, bareKeys: boolean) {
    this.#engine = engine;
    this.#bareKeys = bareKeys;
    this.#lexer = new Lexer(text, engine.isUnicode);
  }

  value(): Value {
    const lexer = this.#lexer;
    if (lexer.type === 'word') {
      const word = { true: true, false: false, null: null }[lexer.text];
      if (word !== undefined || lexer.text === 'null') return this.#take(word);
    }
    if (lexer.is('-')) {
      lexer.next();
      if (lexer.type !== 'int' && lexer.type !== 'float') return undefined;
      return 0 - (this.value() as number);
    }
    if (lexer.type === 'int') return this.#take(lexer.value);
    if (lexer.type === 'float') return this.#take(readFloat(lexer.text, 0).value);
    if (lexer.type === 'string')
      return this.#take(lexer.unicode ? new TextValue(String(lexer.value)) : lexer.value);
    if (lexer.is('[')) return this.#array();
    if (lexer.is('{')) return this.#object();
    return this.#engine.raise(
      'SyntaxError',
      `Expecting valid value, got ${lexer.describe().replace(/:.*/, '')}`,
    );
  }

  #take(value: Value): Value {
    this.#lexer.next();
    return value;
  }

  #match(text: string): void {
    const lexer = this.#lexer;
    if (!lexer.is(text)) {
      this.#engine.raise('SyntaxError', `Got ${lexer.describe()} expected ${tokenName(text)}`);
    }
    lexer.next();
  }

  #array(): Value {
    const array = this.#engine.newArray([]);
    const held = this.#engine.hold(array);
    this.#match('[');
    while (!this.#lexer.is(']')) {
      array.elements.push(this.value());
      this.#engine.charge(2);
      if (!this.#lexer.is(']')) this.#match(',');
    }
    this.#match(']');
    this.#engine.release(held);
    return array;
  }

  #object(): Value {
    const object = this.#engine.newObject();
    const held = this.#engine.hold(object);
    const lexer = this.#lexer;
    this.#match('{');
    while (lexer.type === 'string' || lexer.type === 'int' || lexer.isName()) {
      const key = this.#key();
      this.#match(':');
      const value = this.value();
      if (!lexer.is('}')) this.#match(',');
      this.#add(object, String(key), value);
    }
    this.#match('}');
    this.#engine.release(held);
    return object;
  }

  #key(): Key {
    const lexer = this.#lexer;
    if (lexer.type !== 'string' && !(this.#bareKeys && lexer.isName()))
      this.#engine.raise('SyntaxError', `Got ${lexer.describe()} expected STRING`);
    const text = lexer.type === 'string' ? String(lexer.value) : lexer.text;
    const key = keyOfText(lexer.unicode ? utf8Key(text) : text);
    lexer.next();
    return key;
  }

  #add(object: ObjectValue, key: string, value: Value): void {
    this.#engine.charge(2);
    if (getOwn(object, key) !== UNDECLARED) return;
    if (key === '__proto__') object.proto = value;
    else object.slots.set(key, value);
  }
}
