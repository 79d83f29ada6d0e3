/** An encoder of revocation lists of its own, from the header of list.ts alone: bits as text. */
export function encodePlainly(
  handles: readonly number[],
  low = 28 - Math.floor(Math.log2(handles.length)),
): Uint8Array {
  if (handles.length === 0) return new Uint8Array(0);
  let bits = '';
  let previous = -1;
  for (const handle of handles) {
    const gap = handle - previous - 1;
    bits += `${'1'.repeat(Math.floor(gap / 2 ** low))}0${(gap % 2 ** low).toString(2).padStart(low, '0')}`;
    previous = handle;
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  const count = [handles.length >> 8, handles.length & 255];
  return Uint8Array.from([...count, ...(bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))]);
}
