/** What values of the interpreter cost in JsVars: the one model of RAM, for boards of any variable size and for a 64-bit host.
 *
 * A JsVar is its data (4 bytes, 8 on a 64-bit host), four references to other JsVars, a count and flags. A string begins in
 * the data and in three references, and goes on in extensions that use the fourth and the count too. A name (of a variable,
 * property or element) is a JsVar of its own, which holds a small integer or truth as well.
 *
 * 1. These are the sizes of the interpreter's own source, and what was measured on it. (test/host/memory.costs.test.ts)
 */

type VariableBytes = 12 | 13 | 14 | 16 | 27;

interface Shape {
  readonly dataBytes: number;
  readonly referenceBits: number;
  readonly countBits: number;
}

const shapes: Readonly<Record<VariableBytes, Shape>> = {
  12: { dataBytes: 4, referenceBits: 11, countBits: 4 },
  13: { dataBytes: 4, referenceBits: 12, countBits: 8 },
  14: { dataBytes: 4, referenceBits: 14, countBits: 8 },
  16: { dataBytes: 4, referenceBits: 16, countBits: 8 },
  27: { dataBytes: 8, referenceBits: 32, countBits: 8 },
};

export interface Costs {
  readonly variableBytes: VariableBytes;
  /** Integer, double, truth, pin, null: a value that is not held by its name. */
  readonly number: 1;
  /** Object, array, view of a buffer, native function, string in flash. */
  readonly head: 1;
  /** Characters of a string that its first JsVar holds, of a name, and of each extension. */
  readonly stringChars: number;
  readonly nameChars: number;
  readonly extensionChars: number;
  /** From so many characters on a new buffer is flat: one head, then bytes in a run. */
  readonly flatBytes: number;
  string(chars: number): number;
  /** Of a property, variable or parameter; its value comes on top unless the name can hold it. */
  name(chars: number): number;
  /** An index of an array; its value comes on top unless the name can hold it. */
  index(): 1;
  flat(bytes: number): number;
  /** `new Uint8Array(length)`: the view, the buffer and its string. */
  buffer(bytes: number): number;
  /** A name holds an integer of so many bits itself; an index holds a truth too. */
  holds(value: number | boolean, name: 'index' | 'text'): boolean;
}

const more = (chars: number, first: number, each: number) => 1 + Math.ceil(Math.max(0, chars - first) / each);

function makeCosts(variableBytes: VariableBytes): Costs {
  const { dataBytes, referenceBits, countBits } = shapes[variableBytes];
  const stringChars = dataBytes + ((3 * referenceBits) >> 3);
  const extensionChars = dataBytes + ((3 * referenceBits + countBits) >> 3);
  const flatBytes = stringChars + extensionChars + 1;
  const flat = (bytes: number) => 1 + Math.ceil(bytes / variableBytes);
  const string = (chars: number) => more(chars, stringChars, extensionChars);
  const heldMax = 2 ** (referenceBits - 1);
  return {
    variableBytes,
    number: 1,
    head: 1,
    stringChars,
    nameChars: dataBytes,
    extensionChars,
    flatBytes,
    string,
    name: chars => more(chars, dataBytes, extensionChars),
    index: () => 1,
    flat,
    buffer: bytes => 2 + (bytes < flatBytes ? string(bytes) : flat(bytes)),
    holds(value, name) {
      if (typeof value === 'boolean') return name === 'index';
      return Number.isInteger(value) && value >= -heldMax && value < heldMax;
    },
  };
}

const made = new Map<number, Costs>();

/** Of a size that some build of the interpreter has. */
export function costsOf(variableBytes: number): Costs {
  if (!(variableBytes in shapes)) throw new Error(`no JsVar has ${variableBytes} bytes`);
  const costs = made.get(variableBytes) ?? makeCosts(variableBytes as VariableBytes);
  made.set(variableBytes, costs);
  return costs;
}
