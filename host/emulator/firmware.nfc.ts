/** The NFC tag that an nRF52832 is, as programs see it: an NDEF message that the firmware serves, or raw frames. */
import { addStatic } from './engine/builtin.ts';
import type { Value } from './engine/value.ts';
import type { Firmware } from './firmware.ts';
import { serveType2, type2Memory } from './nfc.ts';
import * as v from './values.ts';

const uidBytes = 7;
/** Of an NDEF message in the firmware's memory. */
const messageBytesMax = 987;
/** Identifiers of the NFC Forum's URI record, as far as the firmware abbreviates. */
const uriPrefixes: readonly string[] = [
  '',
  'http://www.',
  'https://www.',
  'http://',
  'https://',
  'tel:',
  'mailto:',
];

function uriMessage(uri: string): Uint8Array {
  const code = uriPrefixes.reduce((best, prefix, i) => (i && uri.startsWith(prefix) ? best || i : best), 0);
  const content = Buffer.from(uri.slice(uriPrefixes[code]!.length), 'latin1');
  return Uint8Array.of(0xd1, 1, content.length + 1, 0x55, code, ...content);
}

export function installNfc(firmware: Firmware): void {
  const { engine, machine } = firmware;
  const { tag } = machine;
  if (!tag) return;
  const emit = (event: string, args: Value[] = []) =>
    firmware.deliver(() => firmware.emit(engine.readGlobal('NRF'), event, args));
  const ownUid = () =>
    Uint8Array.of(0x5f, ...Buffer.from(machine.serial.replace('-', ''), 'hex').subarray(0, uidBytes - 1));
  const onField = (isOn: boolean) => emit(isOn ? 'NFCon' : 'NFCoff');
  const serve = (message: Uint8Array): void => {
    if (message.length > messageBytesMax) engine.raise('Error', 'Unable to create string with NFC data in');
    const uid = ownUid();
    const memory = type2Memory(uid, message);
    tag.start({ uid, onField, serve: frame => serveType2(memory, frame) });
  };
  const stopOr = (value: Value, start: () => void): undefined => {
    if (value === undefined) tag.start(undefined);
    else start();
    return undefined;
  };
  addStatic(engine, 'NRF', {
    nfcURL: (_self, [uri]) => stopOr(uri, () => serve(uriMessage(v.string(engine, uri)))),
    nfcRaw: (_self, [message]) => stopOr(message, () => serve(firmware.chars(message).bytes)),
    nfcStart: (_self, [given]) => {
      const uid = given === undefined ? ownUid() : firmware.chars(given).bytes.slice(0, uidBytes);
      tag.start({ uid, onField, onFrame: frame => emit('NFCrx', [v.arrayBuffer(engine, frame)]) });
      return v.arrayBuffer(engine, type2Memory(uid, new Uint8Array()).subarray(0, 16));
    },
    nfcStop: () => void tag.start(undefined),
    nfcSend: (_self, [answer]) => {
      if (answer === undefined) tag.send(undefined);
      else tag.send(typeof answer === 'number' ? answer & 15 : firmware.chars(answer).bytes);
      return undefined;
    },
  });
}
