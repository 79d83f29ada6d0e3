/** What the engine has ready-made, by name, on every board: whatever is not here, device code cannot call. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Free names that device code may use. */
export const globalNames: ReadonlySet<string> = new Set([
  ...words(
    'Array ArrayBuffer Boolean DataView Date Error Function InternalError JSON Math Number Object Pin',
  ),
  ...words(
    'Promise ReferenceError String SyntaxError TypeError Float32Array Float64Array Int8Array Int16Array',
  ),
  ...words('Int32Array Uint8Array Uint8ClampedArray Uint16Array Uint24Array Uint32Array'),
  ...words('E NRF Modules I2C1 SPI1 Serial1 Bluetooth USB Terminal Puck I2C SPI'),
  ...words('LED LED1 LED2 LED3 BTN BTN1 BTN2 BTN3 BTN4 BTNA BTNB HIGH LOW'),
  ...words('analogRead analogWrite atob btoa changeInterval clearInterval clearTimeout clearWatch console'),
  ...words('digitalPulse digitalRead digitalWrite dump getSerial getTime global globalThis isFinite isNaN'),
  ...words('parseFloat parseInt peek8 peek16 peek32 pinMode poke8 poke16 poke32 print process require reset'),
  ...words('setDeepSleep setInterval setTime setTimeout setWatch trace load save'),
  ...words('undefined NaN Infinity arguments'),
]);

/** Other builtins: a parameter of an arrow function may not have such a name, as the engine finds the builtin instead. */
const otherBuiltins = words(
  `AES Bangle BluetoothDevice Ethernet File Graphics HIGH LoopbackA LoopbackB LOW Microbit OneWire Pixl Q Q0 Q1 Q2
  Q3 Qwiic RegExp SCL SDA Server Serial Socket SPK Stepper StorageFile TFMicroInterpreter Telnet Trig Unistroke
  WLAN Waveform acceleration compass decodeURIComponent dgramSocket echo edit encodeURIComponent eval getPinMode
  lcd_spi_unbuf led setBusyIndicator setSleepIndicator shiftOut show url FET IRLED IRL IRR VIBRATE ML1 ML2 MR1 MR2
  CN1 P1 P3 SPI2 SPI3 I2C2 I2C3 Serial2 Serial3 USB acceleration Badge Dickens Jolt Pip CORNER1`,
);

/** Ports A to H, and D for a plain count: every board has some of them. */
const pins = [...'ABCDEFGH'].flatMap(port => [...'0123456789'].map(digit => port + digit));

/** Reserved words of the engine that are none in JavaScript. */
export const engineWords: readonly string[] = ['of', 'static', 'undefined', 'debugger'];

/** Values that a minifier writes in another way, or that no name can hide. */
const notVariables = new Set(['NaN', 'Infinity', 'undefined', 'arguments', ...engineWords]);

/** Names that a minifier may give to nothing. */
export const reservedNames: readonly string[] = [
  ...new Set([...globalNames, ...otherBuiltins, ...pins, 'of']),
].filter(name => !notVariables.has(name) || name === 'of');

export const isBuiltin = (name: string): boolean =>
  globalNames.has(name) || otherBuiltins.includes(name) || /^[A-H]\d{1,2}$/.test(name);

/** Members of the ready-made objects, complete: any other member is missing on a board. */
export const staticMembers: Readonly<Record<string, ReadonlySet<string>>> = {
  Math: new Set(
    words(
      'abs acos asin atan atan2 ceil clip cos exp floor log max min randInt random round sign sin sqrt tan wrap E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2',
    ),
  ),
  Object: new Set(
    words(
      'assign create defineProperties defineProperty entries fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf keys setPrototypeOf values prototype',
    ),
  ),
  Number: new Set(words('MAX_VALUE MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY')),
  String: new Set(words('fromCharCode')),
  Array: new Set(words('isArray')),
  ArrayBuffer: new Set(),
  JSON: new Set(words('parse stringify')),
  Promise: new Set(words('all reject resolve')),
  Date: new Set(words('now parse')),
};

/** Methods of strings, arrays, typed arrays and promises that the engine lacks. */
export const missingMethods: ReadonlySet<string> = new Set(
  words(
    `at codePointAt normalize localeCompare matchAll trimStart trimEnd trimLeft trimRight flat flatMap
    reduceRight copyWithin toSorted toReversed toSpliced with findLast findLastIndex finally toPrecision
    toExponential toLocaleString isWellFormed toWellFormed`,
  ),
);
