/** What this application uses of Espruino. */
interface Written {
  readonly data: ArrayBuffer;
}

interface Characteristic {
  value?: number[] | Uint8Array;
  maxLen?: number;
  readable?: boolean;
  writable?: boolean;
  notify?: boolean;
  onWrite?(event: Written): void;
}

interface Remote {
  on(event: 'characteristicvaluechanged', listener: (event: { target: { value: DataView } }) => void): void;
  startNotifications(): Promise<void>;
  writeValue(data: number[] | Uint8Array): Promise<void>;
}

interface Found {
  readonly name?: string;
  on(event: 'gattserverdisconnected', listener: (reason: number) => void): void;
  readonly gatt: {
    connect(): Promise<{
      getPrimaryService(uuid: string): Promise<{ getCharacteristic(uuid: string): Promise<Remote> }>;
    }>;
  };
}

declare const NRF: {
  setAdvertising(data: object, options: { name?: string; interval?: number }): void;
  setServices(services: Record<string, Record<string, Characteristic>>, options?: { uart?: boolean }): void;
  updateServices(services: Record<string, Record<string, Characteristic>>): void;
  requestDevice(options: { filters: { name?: string }[]; timeout?: number }): Promise<Found>;
};

interface Light {
  write(isOn: boolean): void;
}

declare const LED1: Light;
declare const LED2: Light;
declare const BTN1: unknown;
declare function setWatch(
  callback: () => void,
  pin: unknown,
  options: { repeat: boolean; edge: 'rising' | 'falling' | 'both' },
): void;
declare function print(...values: unknown[]): void;
