/** The parser's ground: tokens, faults, and the skipping of text that is not executed.
 *
 * The firmware reads source as it runs it, so a fault shows only when execution reaches it: the parser turns a fault
 * into a statement that throws, and leaves function bodies as text until they are called.
 */
import { Lexer, tokenName } from './lex.ts';
import type { Definition } from './tree.ts';

export class ParseFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export class Reader {
  readonly lexer: Lexer;
  /** Inside the head of a for, `in` is not an operator. */
  inForHead = false;
  /** Since the last function body began: an inner function makes an outer arrow forget, as in the firmware. */
  sawThis = false;

  constructor(source: string, isUnicode: boolean) {
    this.lexer = new Lexer(source, isUnicode);
  }

  is(text: string): boolean {
    return this.lexer.is(text);
  }

  take(text: string): boolean {
    if (!this.lexer.is(text)) return false;
    this.lexer.next();
    return true;
  }

  match(text: string): void {
    if (!this.lexer.is(text)) this.fail(tokenName(text));
    this.lexer.next();
  }

  identifier(): string {
    if (this.lexer.type !== 'id') this.fail('ID');
    const name = this.lexer.text;
    this.lexer.next();
    return name;
  }

  fault(expected: string): ParseFault {
    return new ParseFault(`Got ${this.lexer.describe()} expected ${expected}`);
  }

  fail(expected: string): never {
    throw this.fault(expected);
  }

  /** From inside a block to its closing brace, by counting braces only. */
  skipBlock(): void {
    const { lexer } = this;
    for (let depth = 1; lexer.type !== 'end' && lexer.type !== 'unfinished'; lexer.next()) {
      if (lexer.is('{')) depth++;
      else if (lexer.is('}') && --depth === 0) return;
    }
  }

  /** `(a, b) { body }` after the word function and its name. */
  definition(name: string | undefined): Definition {
    const parameters: string[] = [];
    this.match('(');
    while (!this.is(')')) {
      parameters.push(this.identifier());
      if (!this.is(')')) this.match(',');
    }
    this.match(')');
    return this.body({ name, parameters, isArrow: false });
  }

  /** A braced body, kept as text. */
  body(head: { name: string | undefined; parameters: string[]; isArrow: boolean }): Definition {
    const { lexer } = this;
    this.match('{');
    const isReturn = this.take('return');
    this.sawThis = false;
    const start = lexer.start;
    const line = lexer.line(start);
    let end = start;
    let depth = 0;
    let tokens = 0;
    while (lexer.type !== 'end' && lexer.type !== 'unfinished' && (depth > 0 || !lexer.is('}'))) {
      if (lexer.is('{')) depth++;
      else if (lexer.is('}')) depth--;
      else if (lexer.is('this')) this.sawThis = true;
      end = lexer.at;
      lexer.next();
      // The firmware looks past the white space after the first token before it knows where that token ends.
      if (++tokens === 1) end = lexer.start;
    }
    const source = lexer.source.slice(start, end);
    const usesThis = this.sawThis;
    this.match('}');
    return { ...head, source, isReturn, usesThis, line };
  }
}
