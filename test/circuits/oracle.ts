/** A second opinion on bytes: `cbor2` for the encoding, `cddl` with mite.cddl for the shape. None of our code. */
import { cdeDecodeOptions, cdeEncodeOptions, decode, encode } from 'cbor2';
import { Grammar, readRules, type Verdict } from './cddl.ts';

export const grammar = new Grammar(readRules('circuits/message/mite.cddl'));

/** Rule of a kind: `purseRequest` is `purse-request`. */
export function ruleOf(sampleName: string): string {
  const [kind] = sampleName.split('.');
  return kind!.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

export function decodeIndependently(bytes: Uint8Array): unknown {
  return decode(bytes, { ...cdeDecodeOptions, preferMap: true, ignoreGlobalTags: true });
}

export function encodeIndependently(value: unknown): Uint8Array {
  return encode(value, cdeEncodeOptions);
}

/** Nothing for canonical bytes of this rule; else what is wrong with them. */
export function judge(rule: string, bytes: Uint8Array): Verdict {
  let value: unknown;
  try {
    value = decodeIndependently(bytes);
  } catch (error) {
    return `not canonical CBOR: ${(error as Error).message}`;
  }
  if (Buffer.compare(encodeIndependently(value), bytes) !== 0) return 'not the canonical encoding';
  return grammar.validate(rule, value);
}
