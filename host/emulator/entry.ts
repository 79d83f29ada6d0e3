/** `mite/emulator`: virtual boards in a virtual world, for tests of your own applications. docs/emulator.md is its guide.
 *
 *     const world = new World({ seed: 'kitchen' });
 *     const files = await buildApp({ entry: 'device/kettle.ts' });
 *     const kettle = createBoard({ board: 'puckjs', world, name: 'kettle', files });
 *     kettle.powerOn();
 *     world.run({ ms: 2_000 });
 *     assert(kettle.isLit('LED1'));
 */
export type { Board, BoardName } from '#boards/board.ts';
export { type AppFiles, type AppOptions, buildApp } from './app.ts';
export { type BoardImage, type BoardOptions, createBoard, type EmulatedBoard, type State } from './board.ts';
export type { Costs, RadioUse } from './cost.ts';
export type { Mishap, Misuse, Operation } from './flash.ts';
export { Atecc, type AteccOptions } from './i2c.atecc.ts';
export { Pn532, type Pn532Options } from './i2c.pn532.ts';
export type { Part } from './i2c.ts';
export type { KernelMode } from './kernel.board.ts';
export { type Answer, type Found, Reader, type Tag } from './nfc.ts';
export type { Blink } from './pins.ts';
export { type Conditions, type Handle, type Until, World } from './world.ts';
