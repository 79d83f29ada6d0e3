/** NRF as programs see it: what the board advertises and offers, who connects to it. The central side is in firmware.central.ts.
 *
 * 1. A write longer than an event reaches the program cut, and a notification may vanish, without a word.
 *    (test/host/emulator.nrf.test.ts)
 * 2. Without {uart:false} the console is open to whoever connects. (test/host/emulator.nrf.test.ts)
 */
import { addStatic } from './engine/builtin.ts';
import { Callable, ObjectValue, type Value } from './engine/value.ts';
import { installCentral } from './firmware.central.ts';
import { installNfc } from './firmware.nfc.ts';
import type { Firmware } from './firmware.ts';
import { type Advertised, advertisingBytesMax, encodeAdvertised, uart, uuidOf } from './gatt.ts';
import type { Link } from './radio.link.ts';
import type { Characteristic, Services } from './radio.ts';
import * as v from './values.ts';

const defaultIntervalMs = 375;
const valueBytesMax = 512;
const uartBytes = 20;
/** Board files: these are followed by the end of the address; other boards have one name for all. */
const namePrefixes: Readonly<Record<string, string>> = {
  PUCKJS: 'Puck.js',
  MDBT42Q: 'MDBT42Q',
  XIAOBLE: 'XIAOBLE',
};

/** What firmware and board tell each other of the peripheral link. */
export interface Peripheral {
  connected(link: Link): void;
  disconnected(reason: number): void;
  /** Text of the console for who is connected. */
  print(bytes: Uint8Array): void;
}

export function uuid(firmware: Firmware, value: Value): string {
  const { engine } = firmware;
  const found = uuidOf(typeof value === 'number' ? value : v.string(engine, value));
  return found ?? engine.raise('Error', `Invalid UUID: ${v.string(engine, value)}`);
}

class Gatt implements Peripheral {
  readonly #firmware: Firmware;
  /** By characteristic's UUID: that is all that the firmware looks at. */
  readonly #characteristics = new Map<string, Characteristic>();
  readonly #handlers: Value[] = [];
  #services: Value;
  #hasUart = true;
  #wereSet = false;
  #isRestartDue = false;
  #advertised: Advertised = {};
  #raw: Uint8Array | undefined;
  #scanResponse: Uint8Array | undefined;
  #interval = defaultIntervalMs;
  #isConnectable = true;
  #isAsleep = false;
  #output: number[] = [];

  constructor(firmware: Firmware) {
    this.#firmware = firmware;
    firmware.engine.heap.roots.push(() => [this.#services, ...this.#handlers]);
  }

  get #radio() {
    return this.#firmware.machine.radio;
  }

  get name(): string {
    const prefix = namePrefixes[this.#firmware.boardName];
    const digits = this.#radio.address.replaceAll(':', '').slice(8, 12);
    return prefix ? `${prefix} ${digits}` : `Espruino ${this.#firmware.boardName}`;
  }

  setServices(services: Value, options: Value): void {
    const { engine } = this.#firmware;
    if (services !== undefined && !(services instanceof ObjectValue))
      engine.raise('TypeError', `Expecting Object or undefined, got ${engine.className(services)}`);
    const chosen = v.member(engine, options, 'uart');
    const hasUart = chosen === undefined || v.isTrue(engine, chosen);
    const advertise = v.member(engine, options, 'advertise');
    if (advertise !== undefined)
      this.#advertised = {
        ...this.#advertised,
        services: [...engine.valuesOf(advertise)].map(each => uuid(this.#firmware, each)),
      };
    const isChange = this.#wereSet || hasUart !== this.#hasUart || advertise !== undefined;
    this.#services = services;
    this.#hasUart = hasUart;
    this.#wereSet = true;
    // The SoftDevice starts anew with other services: not before nobody is connected.
    this.#isRestartDue = isChange && this.#isConnected;
    if (!this.#isRestartDue) this.#apply();
  }

  get #isConnected(): boolean {
    return this.#radio.link !== undefined || this.#radio.centralLinks.size > 0;
  }

  #apply(): void {
    this.#isRestartDue = false;
    this.#characteristics.clear();
    this.#handlers.length = 0;
    const services = new Map<string, Map<string, Characteristic>>();
    if (this.#services instanceof ObjectValue)
      for (const [key, service] of this.#services.slots)
        services.set(uuid(this.#firmware, key), this.#read(service));
    if (this.#hasUart) services.set(uart.service, this.#uart());
    this.#radio.services = services as Services;
    this.#advertise();
  }

  #read(service: Value): Map<string, Characteristic> {
    const all = new Map<string, Characteristic>();
    if (!(service instanceof ObjectValue)) return all;
    for (const [key, description] of service.slots) {
      const id = uuid(this.#firmware, key);
      const characteristic = this.#characteristic(id, description);
      all.set(id, characteristic);
      if (!this.#characteristics.has(id)) this.#characteristics.set(id, characteristic);
    }
    return all;
  }

  #characteristic(id: string, description: Value): Characteristic {
    const { engine } = this.#firmware;
    const get = (name: string) => v.member(engine, description, name);
    const value = get('value') === undefined ? new Uint8Array() : this.#firmware.chars(get('value')).bytes;
    const handler = get('onWrite');
    if (handler instanceof Callable) this.#handlers.push(handler);
    const maxBytes =
      get('maxLen') === undefined ? Math.max(1, value.length) : v.integer(engine, get('maxLen'));
    const onWrite = (data: Uint8Array) =>
      this.#firmware.deliver(() => {
        const event = v.object(engine, { data: v.arrayBuffer(engine, data) });
        if (handler instanceof Callable) engine.invoke(handler, [event]);
      });
    return {
      ...{ uuid: id, maxBytes: Math.min(maxBytes, valueBytesMax), value },
      isReadable: get('readable') === undefined || v.isTrue(engine, get('readable')),
      isWritable: v.isTrue(engine, get('writable')),
      notifies: v.isTrue(engine, get('notify')),
      indicates: v.isTrue(engine, get('indicate')),
      onWrite,
    };
  }

  #uart(): Map<string, Characteristic> {
    const base = { maxBytes: valueBytesMax, isReadable: false, indicates: false, value: new Uint8Array() };
    const onWrite = (data: Uint8Array) =>
      this.#firmware.deliver(() => this.#firmware.input('Bluetooth', data));
    return new Map<string, Characteristic>([
      [uart.receive, { ...base, uuid: uart.receive, isWritable: true, notifies: false, onWrite }],
      [uart.send, { ...base, uuid: uart.send, isWritable: false, notifies: true }],
    ]);
  }

  updateServices(data: Value): void {
    const { engine } = this.#firmware;
    if (this.#isRestartDue) engine.raise('Error', "Can't update services until BLE restart");
    if (!(data instanceof ObjectValue)) return;
    for (const service of data.slots.values())
      if (service instanceof ObjectValue)
        for (const [key, description] of service.slots) this.#update(uuid(this.#firmware, key), description);
  }

  #update(id: string, description: Value): void {
    const { engine } = this.#firmware;
    const characteristic = this.#characteristics.get(id);
    if (!characteristic) {
      engine.raise('Error', `Unable to find service with UUID ${id}`);
      return;
    }
    const value = v.member(engine, description, 'value');
    if (value === undefined) return;
    const { bytes } = this.#firmware.chars(value);
    if (bytes.length > characteristic.maxBytes) engine.raise('Error', 'ERR 0xc (DATA_SIZE)');
    characteristic.value = bytes;
    const { link } = this.#radio;
    if (!link) return;
    if (v.isTrue(engine, v.member(engine, description, 'indicate'))) {
      if (!link.indicate(characteristic, bytes)) engine.raise('Error', 'ERR 0x11 (BUSY)');
    } else if (v.isTrue(engine, v.member(engine, description, 'notify'))) link.notify(characteristic, bytes);
  }

  setAdvertising(data: Value, options: Value): void {
    const { engine } = this.#firmware;
    const option = (name: string) => v.member(engine, options, name);
    this.#raw = undefined;
    if (data instanceof ObjectValue && engine.className(data) === 'Object') {
      const entries = [...data.slots].map(([key, value]) => [
        uuid(this.#firmware, key),
        this.#firmware.chars(value).bytes,
      ]);
      this.#advertised = {
        ...this.#advertised,
        serviceData: Object.fromEntries(entries) as Record<string, Uint8Array>,
      };
    } else if (data !== undefined) this.#raw = this.#firmware.chars(data).bytes;
    const name = option('name');
    if (name !== undefined) this.#advertised = { ...this.#advertised, name: v.string(engine, name) };
    if (option('showName') === false) this.#advertised = { ...this.#advertised, name: '' };
    if (option('manufacturer') !== undefined)
      this.#advertised = {
        ...this.#advertised,
        manufacturer: v.integer(engine, option('manufacturer')),
        manufacturerData: this.#firmware.chars(option('manufacturerData')).bytes,
      };
    if (option('interval') !== undefined) this.#interval = v.float(engine, option('interval'));
    if (option('connectable') !== undefined) this.#isConnectable = v.isTrue(engine, option('connectable'));
    this.#advertise();
  }

  setScanResponse(data: Value): void {
    this.#scanResponse = data === undefined ? undefined : this.#firmware.chars(data).bytes;
    this.#advertise();
  }

  data(): Uint8Array {
    if (this.#raw) return this.#raw;
    const { name = this.name, ...others } = this.#advertised;
    return encodeAdvertised({ ...others, name });
  }

  #advertise(): void {
    const data = this.data();
    if (data.length > advertisingBytesMax) this.#firmware.engine.raise('Error', 'ERR 0xc (DATA_SIZE)');
    const services = encodeAdvertised({ services: [uart.service] }).subarray(3);
    this.#radio.advertise(
      this.#isAsleep || this.#radio.link
        ? undefined
        : {
            ...{ data, intervalUs: this.#interval * 1_000, isConnectable: this.#isConnectable },
            scanResponse: this.#scanResponse ?? (this.#hasUart ? services : new Uint8Array()),
          },
    );
  }

  sleep(isAsleep: boolean): void {
    this.#isAsleep = isAsleep;
    if (isAsleep) this.#radio.link?.close('peripheral', 0x16);
    this.#advertise();
  }

  start(): void {
    this.#apply();
  }

  connected(link: Link): void {
    this.#radio.advertise(undefined);
    const firmware = this.#firmware;
    if (this.#hasUart && !firmware.isDeviceForced) firmware.device = 'Bluetooth';
    firmware.emit(firmware.engine.readGlobal('NRF'), 'connect', [link.central.address]);
  }

  disconnected(reason: number): void {
    const firmware = this.#firmware;
    this.#output = [];
    if (firmware.device === 'Bluetooth' && !firmware.isDeviceForced)
      firmware.device = firmware.machine.board.console.device;
    firmware.emit(firmware.engine.readGlobal('NRF'), 'disconnect', [reason]);
    if (this.#isRestartDue) this.#apply();
    else this.#advertise();
  }

  print(bytes: Uint8Array): void {
    this.#output.push(...bytes);
    this.#flush();
  }

  /** The firmware keeps what does not fit into the radio's queue, and goes on when there is room. */
  #flush(): void {
    const { link } = this.#radio;
    const characteristic = this.#radio.services.get(uart.service)?.get(uart.send);
    if (!link || !characteristic || !link.isSubscribed(characteristic)) {
      this.#output = [];
      return;
    }
    const size = Math.max(uartBytes, link.mtuBytes - 3);
    while (this.#output.length) {
      if (!link.notify(characteristic, Uint8Array.from(this.#output.slice(0, size)))) {
        this.#firmware.later(link.intervalUs, () => this.#flush());
        return;
      }
      this.#output = this.#output.slice(size);
    }
  }
}

export function installNrf(firmware: Firmware): void {
  const { engine, machine } = firmware;
  const gatt = new Gatt(firmware);
  engine.builtins.set('NRF', new ObjectValue('NRF'));
  addStatic(engine, 'NRF', {
    setServices: (_self, [services, options]) => void gatt.setServices(services, options),
    updateServices: (_self, [services]) => void gatt.updateServices(services),
    setAdvertising: (_self, [data, options]) => void gatt.setAdvertising(data, options),
    getAdvertisingData: () => v.uint8Array(engine, gatt.data()),
    setScanResponse: (_self, [data]) => void gatt.setScanResponse(data),
    getAddress: () => machine.radio.address.split(' ')[0]!,
    sleep: () => void gatt.sleep(true),
    wake: () => void gatt.sleep(false),
    restart: () => undefined,
    disconnect: () => void machine.radio.link?.close('peripheral', 0x13),
    getBattery: () => 3,
    setTxPower: () => undefined,
    setLowPowerConnection: () => undefined,
    setConnectionInterval: () => undefined,
    getSecurityStatus: () =>
      v.object(engine, {
        advertising: machine.radio.advertising !== undefined,
        connected: machine.radio.link !== undefined,
      }),
  });
  if (machine.isNordic) {
    const accept = () => undefined;
    addStatic(engine, 'NRF', {
      setSecurity: accept,
      setWhitelist: accept,
      eraseBonds: accept,
      setAddress: accept,
    });
  }
  firmware.peripheral = gatt;
  installCentral(firmware);
  installNfc(firmware);
  gatt.start();
}
