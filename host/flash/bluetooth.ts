/** The part of the Web Bluetooth API that a link needs: a browser's `navigator.bluetooth` fits it, and so does what stands in for it in Node. */

export interface BluetoothCharacteristic {
  startNotifications(): Promise<unknown>;
  addEventListener(type: 'characteristicvaluechanged', listener: (event: ValueEvent) => void): void;
  writeValueWithoutResponse(bytes: Uint8Array): Promise<void>;
}

export interface ValueEvent {
  readonly target: { readonly value?: DataView } | null;
}

export interface BluetoothServer {
  getPrimaryService(uuid: string): Promise<{
    getCharacteristic(uuid: string): Promise<BluetoothCharacteristic>;
  }>;
  disconnect(): void;
}

export interface BluetoothDevice {
  readonly id: string;
  readonly name?: string;
  readonly gatt?: { connect(): Promise<BluetoothServer> };
  addEventListener(type: 'gattserverdisconnected', listener: () => void): void;
  /** Not of the standard: of a connected device, where it is known. */
  readonly mtuBytes?: number;
}

export interface Bluetooth {
  requestDevice(options: {
    filters: ({ name: string } | { namePrefix: string } | { services: string[] })[];
    optionalServices: string[];
  }): Promise<BluetoothDevice>;
}
