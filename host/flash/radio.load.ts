/** The radio of this machine, by the package `@stoprocent/noble`: an optional peer, loaded when a radio is asked for. */
import { loadPeer } from './peer.ts';
import { type Noble, type Radio, radioOver } from './radio.ts';

export async function loadRadio(): Promise<Radio> {
  return radioOver(await loadPeer<Noble>('@stoprocent/noble', 'BLE needs the package @stoprocent/noble'));
}
