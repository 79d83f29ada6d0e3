/** What both boards know of each other.
 *
 * A reading: sequence (1) | moisture in per mille (2, little-endian). An order: seconds of water (1).
 */
export const service = '9f1e0001-1c2d-4e3f-8a5b-6c7d8e9f0a1b';
export const readings = '9f1e0002-1c2d-4e3f-8a5b-6c7d8e9f0a1b';
export const orders = '9f1e0003-1c2d-4e3f-8a5b-6c7d8e9f0a1b';

export interface Reading {
  readonly sequence: number;
  readonly moisture: number;
}

export const encodeReading = ({ sequence, moisture }: Reading): Uint8Array =>
  new Uint8Array([sequence & 255, moisture & 255, moisture >> 8]);

export const decodeReading = (view: DataView): Reading => ({
  sequence: view.getUint8(0),
  moisture: view.getUint16(1, true),
});
