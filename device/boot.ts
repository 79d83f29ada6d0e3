/** What runs first at each boot, even while a button is held: is the image where it was built for?
 *
 * Without that nothing native may be called: a jump into other bytes is a hard fault, and a reboot without end.
 *
 * 1. A kernel that lies elsewhere or has other bytes is never entered. (test/host/image.boot.test.ts)
 */
declare const global: { placed: boolean };

global.placed = false;
if (board.native) {
  const code = board.kernelCopied
    ? require('Storage').read('kernel', 0, board.kernelLength)
    : E.memoryArea(board.kernelAddress, board.kernelLength);
  global.placed = code !== undefined && E.CRC32(code) === board.kernelCheck;
}

export {};
