/** The central side of NRF: scanning, connecting, and the objects of Web Bluetooth that come of it.
 *
 * One task at a time, as in the firmware: a second one throws while the first has not ended.
 *
 * 1. A board finds, connects to, writes to and hears another. (test/host/emulator.nrf.test.ts)
 * 2. A promise of a connection that is lost is broken. (test/host/emulator.nrf.test.ts)
 */
import { addInstance, addStatic, Computed } from './engine/builtin.ts';
import { Callable, ObjectValue, type Value } from './engine/value.ts';
import { uuid } from './firmware.nrf.ts';
import type { Firmware } from './firmware.ts';
import { type Advertised, parseAdvertised } from './gatt.ts';
import type { Link } from './radio.link.ts';
import type { Characteristic, Report } from './radio.ts';
import * as v from './values.ts';

const [shortestIntervalMs, findMs, requestMs] = [7.5, 2_000, 2_000];
const serviceRequests = 3;

type Task = v.Deferred & { readonly name: string };

interface Remote {
  readonly device: ObjectValue;
  readonly gatt: ObjectValue;
  readonly address: string;
  link: Link | undefined;
}

class Central {
  readonly #firmware: Firmware;
  readonly #remotes = new Map<Value, Remote>();
  readonly #characteristics = new WeakMap<ObjectValue, { remote: Remote; characteristic: Characteristic }>();
  readonly #services = new WeakMap<ObjectValue, { remote: Remote; id: string }>();
  #task: Task | undefined;

  constructor(firmware: Firmware) {
    this.#firmware = firmware;
    // Devices live while they are connected or something is under way.
    firmware.engine.heap.roots.push(() => [
      ...[...this.#remotes.values()].filter(({ link }) => link).map(({ device }) => device),
      this.#task?.promise,
    ]);
  }

  get #engine() {
    return this.#firmware.engine;
  }

  /** Begins a task that ends once, by what it is given. */
  #begin(name: string, work: (task: Task) => void): Value {
    if (this.#task) this.#engine.raise('Error', `BLE task ${this.#task.name} is already in progress`);
    const task: Task = { name, ...v.defer(this.#engine) };
    this.#task = task;
    work(task);
    return task.promise;
  }

  #end(task: Task, end: () => void): void {
    if (this.#task !== task) return;
    this.#task = undefined;
    this.#firmware.deliver(end);
  }

  #succeed = (task: Task, value?: Value) => this.#end(task, () => task.resolve(value));
  #fail = (task: Task, reason: string) => this.#end(task, () => task.reject(reason));

  scan(callback: Value, options: Value): void {
    const { radio } = this.#firmware.machine;
    if (callback === undefined || callback === false) {
      radio.scan(undefined);
      return;
    }
    const filters = v.member(this.#engine, options, 'filters');
    radio.scan(report =>
      this.#firmware.deliver(() => {
        const found = parseAdvertised(report.data);
        if (
          filters !== undefined &&
          ![...this.#engine.valuesOf(filters)].some(each => this.#matches(each, found, report))
        )
          return;
        this.#engine.invoke(callback, [this.#device(report, found)]);
      }),
    );
  }

  #matches(filter: Value, found: Advertised, { address }: Report): boolean {
    const get = (name: string) => v.member(this.#engine, filter, name);
    const same = (name: string, value: string | undefined) =>
      get(name) === undefined || v.string(this.#engine, get(name)) === value;
    const prefix = get('namePrefix');
    const hasPrefix = prefix === undefined || (found.name ?? '').startsWith(v.string(this.#engine, prefix));
    const services = get('services');
    const wanted =
      services === undefined
        ? []
        : [...this.#engine.valuesOf(services)].map(each => uuid(this.#firmware, each));
    return (
      same('name', found.name) &&
      same('id', address) &&
      hasPrefix &&
      wanted.every(each => found.services?.includes(each))
    );
  }

  #device(report: Report, found: Advertised): ObjectValue {
    const engine = this.#engine;
    const { name, services, serviceData, manufacturer, manufacturerData } = found;
    const data =
      serviceData &&
      Object.fromEntries(
        Object.entries(serviceData).map(([id, bytes]) => [id, v.arrayBuffer(engine, bytes)]),
      );
    const device = v.object(
      engine,
      {
        ...{
          id: report.address,
          rssi: report.rssi,
          data: v.arrayBuffer(engine, report.data),
          name,
          manufacturer,
        },
        services: services && v.array(engine, [...services]),
        serviceData: data && v.object(engine, data),
        manufacturerData: manufacturerData && v.arrayBuffer(engine, manufacturerData),
      },
      'BluetoothDevice',
    );
    return device;
  }

  find(callback: Value, options: Value): void {
    const engine = this.#engine;
    const timeout = typeof options === 'number' ? options : v.member(engine, options, 'timeout');
    const found = new Map<string, Value>();
    const held = () => [callback, ...found.values()];
    engine.heap.roots.push(held);
    const note = engine.native('found', (_self, [device]) => {
      found.set(v.string(engine, v.member(engine, device, 'id')), device);
      return undefined;
    });
    this.scan(note, typeof options === 'number' ? undefined : options);
    this.#firmware.later((timeout === undefined ? findMs : v.float(engine, timeout)) * 1_000, () => {
      this.scan(undefined, undefined);
      engine.heap.roots.splice(engine.heap.roots.indexOf(held), 1);
      engine.invoke(callback, [v.array(engine, [...found.values()])]);
    });
  }

  request(options: Value): Value {
    const engine = this.#engine;
    if (v.member(engine, options, 'filters') === undefined)
      return engine.raise('TypeError', 'requestDevice expecting an array of filters, got undefined');
    const timeout = v.member(engine, options, 'timeout');
    return this.#begin('REQUEST_DEVICE', task => {
      const limit = this.#firmware.later(
        (timeout === undefined ? requestMs : v.float(engine, timeout)) * 1_000,
        () => {
          this.scan(undefined, undefined);
          this.#fail(task, 'No device found matching filters');
        },
      );
      const take = engine.native('found', (_self, [device]) => {
        this.scan(undefined, undefined);
        limit.cancel();
        this.#succeed(task, device);
        return undefined;
      });
      this.scan(take, options);
    });
  }

  /** The one GATT server of a device. */
  gatt(device: ObjectValue): ObjectValue {
    const known = this.#remotes.get(device);
    if (known) return known.gatt;
    const gatt = v.object(this.#engine, { device, connected: false }, 'BluetoothRemoteGATTServer');
    const address = v.string(this.#engine, v.member(this.#engine, device, 'id'));
    this.#remotes.set(device, { device, gatt, address, link: undefined });
    return gatt;
  }

  #remote(gatt: Value): Remote {
    const device = v.member(this.#engine, gatt, 'device');
    const remote = device instanceof ObjectValue ? this.#remotes.get(device) : undefined;
    return remote ?? this.#engine.raise('Error', 'Not a BluetoothRemoteGATTServer');
  }

  connect(gatt: Value, options: Value): Value {
    const engine = this.#engine;
    const remote = this.#remote(gatt);
    const interval = v.member(engine, options, 'minInterval');
    const intervalUs =
      (interval === undefined
        ? shortestIntervalMs
        : Math.max(shortestIntervalMs, v.float(engine, interval))) * 1_000;
    return this.#begin('CONNECT', task =>
      this.#firmware.machine.radio.connect(remote.address, intervalUs, connected => {
        if ('failure' in connected) {
          this.#fail(task, connected.failure);
          return;
        }
        if (this.#firmware.isGone) return;
        remote.link = connected.link;
        remote.gatt.slots.set('connected', true);
        this.#succeed(task, remote.gatt);
      }),
    );
  }

  /** A link has ended, by whomever. */
  disconnected(link: Link, reason: number): void {
    for (const remote of this.#remotes.values()) {
      if (remote.link !== link) continue;
      remote.link = undefined;
      remote.gatt.slots.set('connected', false);
      const task = this.#task;
      if (task?.name === 'DISCONNECT') this.#succeed(task);
      else if (task && task.name !== 'REQUEST_DEVICE') this.#fail(task, 'Disconnected');
      this.#firmware.emit(remote.device, 'gattserverdisconnected', [reason]);
    }
  }

  disconnect(gatt: Value): Value {
    const { link } = this.#remote(gatt);
    return this.#begin('DISCONNECT', task => {
      if (link) link.close('central', 0x13);
      else this.#succeed(task);
    });
  }

  /** With the link, or broken at once where there is none. */
  #linked(name: string, remote: Remote, work: (link: Link, task: Task) => void): Value {
    return this.#begin(name, task => {
      if (remote.link) work(remote.link, task);
      else this.#firmware.later(0, () => this.#fail(task, 'Not connected'));
    });
  }

  primaryServices(gatt: Value, only?: string): Value {
    const remote = this.#remote(gatt);
    return this.#linked('PRIMARYSERVICE', remote, (link, task) => {
      link.discover(serviceRequests, () => {
        const ids = [...link.peripheral.services.keys()].filter(id => only === undefined || id === only);
        if (!ids.length) return this.#fail(task, 'No Services found');
        const all = ids.map(id => this.#service(remote, id));
        return this.#succeed(task, only === undefined ? v.array(this.#engine, all) : all[0]);
      });
    });
  }

  #service(remote: Remote, id: string): ObjectValue {
    const service = v.object(
      this.#engine,
      { device: remote.device, uuid: shownUuid(id), isPrimary: true },
      'BluetoothRemoteGATTService',
    );
    this.#services.set(service, { remote, id });
    return service;
  }

  characteristics(service: Value, only?: string): Value {
    const known = this.#services.get(service as ObjectValue) ?? this.#engine.raise('Error', 'Not a service');
    return this.#linked('CHARACTERISTICS', known.remote, (link, task) => {
      link.discover(serviceRequests, () => {
        const all = [...(link.peripheral.services.get(known.id)?.values() ?? [])]
          .filter(each => only === undefined || each.uuid === only)
          .map(each => this.#characteristic(known.remote, service, each));
        if (!all.length) return this.#fail(task, 'No Characteristics found');
        return this.#succeed(task, only === undefined ? v.array(this.#engine, all) : all[0]);
      });
    });
  }

  #characteristic(remote: Remote, service: Value, characteristic: Characteristic): ObjectValue {
    const { isReadable, isWritable, notifies, indicates } = characteristic;
    const properties = v.object(this.#engine, {
      ...{ read: isReadable, write: isWritable, writeWithoutResponse: isWritable },
      ...{ notify: notifies, indicate: indicates, broadcast: false },
    });
    const made = v.object(
      this.#engine,
      { service, uuid: shownUuid(characteristic.uuid), properties },
      'BluetoothRemoteGATTCharacteristic',
    );
    this.#characteristics.set(made, { remote, characteristic });
    return made;
  }

  #of(value: Value) {
    return (
      this.#characteristics.get(value as ObjectValue) ?? this.#engine.raise('Error', 'Not a characteristic')
    );
  }

  write(target: Value, data: Value): Value {
    const { remote, characteristic } = this.#of(target);
    const { bytes } = this.#firmware.chars(data);
    return this.#linked('CHARACTERISTIC_WRITE', remote, (link, task) => {
      const done = () => this.#succeed(task);
      const isWithout = v.isTrue(
        this.#engine,
        v.member(this.#engine, v.member(this.#engine, target, 'properties'), 'writeWithoutResponse'),
      );
      if (bytes.length > link.mtuBytes - 3) this.#fail(task, 'ERR 0xc (DATA_SIZE)');
      else if (!isWithout) link.write(characteristic, bytes, done);
      else if (!link.writeWithoutResponse(characteristic, bytes, done))
        this.#fail(task, 'ERR 0x3004 (NO_TX_PACKETS)');
    });
  }

  read(target: Value): Value {
    const { remote, characteristic } = this.#of(target);
    return this.#linked('CHARACTERISTIC_READ', remote, (link, task) =>
      link.read(characteristic, bytes => {
        if (this.#firmware.isGone) return;
        const view = v.dataView(this.#engine, bytes);
        (target as ObjectValue).slots.set('value', view);
        this.#succeed(task, view);
      }),
    );
  }

  notifications(target: Value, isOn: boolean): Value {
    const { remote, characteristic } = this.#of(target);
    return this.#linked('CHARACTERISTIC_NOTIFY', remote, (link, task) => {
      const hear = (bytes: Uint8Array) =>
        this.#firmware.deliver(() => {
          (target as ObjectValue).slots.set('value', v.dataView(this.#engine, bytes));
          this.#firmware.emit(target, 'characteristicvaluechanged', [v.object(this.#engine, { target })]);
        });
      link.subscribe(characteristic, isOn ? hear : undefined, () => this.#succeed(task));
    });
  }
}

const shownUuid = (id: string) => (id.length === 4 ? `0x${id.toUpperCase()}` : id);

export function installCentral(firmware: Firmware): void {
  const { engine } = firmware;
  const central = new Central(firmware);
  firmware.central = central;
  const id = (value: Value) => uuid(firmware, value);
  addStatic(engine, 'NRF', {
    setScan: (_self, [callback, options]) => void central.scan(callback, options),
    findDevices: (_self, [callback, options]) => {
      if (!(callback instanceof Callable))
        return engine.raise('Error', 'Expecting function for first argument');
      return void central.find(callback, options);
    },
    requestDevice: (_self, [options]) => central.request(options),
    connect: (_self, [address, options]) => {
      const device = v.object(engine, { id: address }, 'BluetoothDevice');
      return central.connect(central.gatt(device), options);
    },
  });
  addInstance(engine, 'BluetoothDevice', { gatt: new Computed(self => central.gatt(self as ObjectValue)) });
  addInstance(engine, 'BluetoothRemoteGATTServer', {
    connect: (self, [options]) => central.connect(self, options),
    disconnect: self => central.disconnect(self),
    getPrimaryService: (self, [service]) => central.primaryServices(self, id(service)),
    getPrimaryServices: self => central.primaryServices(self),
    getSecurityStatus: self => v.object(engine, { connected: v.member(engine, self, 'connected') }),
  });
  addInstance(engine, 'BluetoothRemoteGATTService', {
    getCharacteristic: (self, [characteristic]) => central.characteristics(self, id(characteristic)),
    getCharacteristics: self => central.characteristics(self),
  });
  addInstance(engine, 'BluetoothRemoteGATTCharacteristic', {
    writeValue: (self, [data]) => central.write(self, data),
    readValue: self => central.read(self),
    startNotifications: self => central.notifications(self, true),
    stopNotifications: self => central.notifications(self, false),
  });
}
