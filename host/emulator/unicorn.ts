/** libunicorn through koffi: memory, registers and hooks of one emulated processor. Both are optional and loaded on first use. */
import { createRequire } from 'node:module';

export interface Engine {
  map(address: number, length: number, permissions: number): void;
  /** Memory that both sides see: whole pages that outlive the processor. */
  mapShared(address: number, bytes: Uint8Array, permissions: number): void;
  write(address: number, bytes: Uint8Array): void;
  read(address: number, length: number): Uint8Array;
  setRegister(register: number, value: number): void;
  register(register: number): number;
  onBlock(hook: (address: number, length: number) => void): void;
  /** Every access, before it happens. */
  onAccess(hook: (address: number, length: number, isWrite: boolean) => void): void;
  /** Runs to an address; the reason why it did not get there, if so. */
  run(from: number, until: number): string | undefined;
  close(): void;
}

export interface Unicorn {
  open(architecture: number, mode: number, model?: number): Engine;
}

export const permission = { read: 1, write: 2, execute: 4 };

const hookKind = { block: 8, read: 1024, write: 2048 };
const writeAccess = 17;
/** uc_ctl_set_cpu_model of unicorn.h: a control number, one parameter, written. */
const setModel = (1 << 30) | (1 << 26) | 7;
const libraries = ['libunicorn.so.2', 'libunicorn.2.dylib', 'libunicorn.so'];

type Native = (...parameters: unknown[]) => unknown;

/** The part of koffi that is used here. */
interface Koffi {
  load(path: string): { func(declaration: string): Native };
  proto(declaration: string): unknown;
  pointer(type: unknown): unknown;
  register(callback: (...parameters: never[]) => void, type: unknown): unknown;
  unregister(callback: unknown): void;
}

function loadKoffi(): Koffi | undefined {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    return undefined;
  }
}

function loadLibrary(koffi: Koffi) {
  for (const path of libraries) {
    try {
      return koffi.load(path);
    } catch {}
  }
  return undefined;
}

const declarations = {
  open: 'int uc_open(int architecture, int mode, _Out_ void **engine)',
  close: 'int uc_close(void *engine)',
  control: 'int uc_ctl(void *engine, int control, ...)',
  map: 'int uc_mem_map(void *engine, uint64_t address, size_t length, uint32_t permissions)',
  mapShared:
    'int uc_mem_map_ptr(void *engine, uint64_t address, size_t length, uint32_t permissions, void *bytes)',
  write: 'int uc_mem_write(void *engine, uint64_t address, const void *bytes, size_t length)',
  read: 'int uc_mem_read(void *engine, uint64_t address, void *bytes, size_t length)',
  setRegister: 'int uc_reg_write(void *engine, int register, const void *value)',
  register: 'int uc_reg_read(void *engine, int register, void *value)',
  hook: 'int uc_hook_add(void *engine, _Out_ size_t *handle, int kind, void *callback, void *data, uint64_t from, uint64_t to, ...)',
  run: 'int uc_emu_start(void *engine, uint64_t from, uint64_t until, uint64_t timeout, size_t count)',
  explain: 'const char *uc_strerror(int code)',
};

type Calls = Readonly<Record<keyof typeof declarations, Native>>;

interface Bound {
  readonly koffi: Koffi;
  readonly calls: Calls;
  readonly blockHook: unknown;
  readonly accessHook: unknown;
}

const checkOf = (calls: Calls) => (code: unknown, what: string) => {
  if (code !== 0) throw new Error(`${what}: ${calls.explain(code)}`);
};

function engineOf({ koffi, calls, blockHook, accessHook }: Bound, engine: unknown): Engine {
  const callbacks: unknown[] = [];
  const value = new Uint32Array(2);
  const check = checkOf(calls);

  function hook(kind: number, callback: (...parameters: never[]) => void, type: unknown): void {
    const pointer = koffi.register(callback, koffi.pointer(type));
    callbacks.push(pointer);
    // From 1 to 0: everywhere.
    check(calls.hook(engine, [0], kind, pointer, null, 1, 0), 'hook');
  }

  return {
    map: (address, length, permissions) => check(calls.map(engine, address, length, permissions), 'map'),
    mapShared: (address, bytes, permissions) =>
      check(calls.mapShared(engine, address, bytes.length, permissions, bytes), 'map'),
    write: (address, bytes) => check(calls.write(engine, address, bytes, bytes.length), 'write'),
    read(address, length) {
      const bytes = new Uint8Array(length);
      check(calls.read(engine, address, bytes, length), 'read');
      return bytes;
    },
    setRegister(register, word) {
      value[0] = word;
      check(calls.setRegister(engine, register, value), 'register');
    },
    register(register) {
      check(calls.register(engine, register, value), 'register');
      return value[0]!;
    },
    onBlock: work =>
      hook(hookKind.block, (_: unknown, address: number, length: number) => work(address, length), blockHook),
    onAccess: work =>
      hook(
        hookKind.read | hookKind.write,
        (_: unknown, kind: number, address: number, length: number) =>
          work(address, length, kind === writeAccess),
        accessHook,
      ),
    run(from, until) {
      const code = calls.run(engine, from, until, 0, 0);
      return code === 0 ? undefined : String(calls.explain(code));
    },
    close() {
      calls.close(engine);
      for (const callback of callbacks) koffi.unregister(callback);
    },
  };
}

function bind(): Unicorn | undefined {
  const koffi = loadKoffi();
  const library = koffi && loadLibrary(koffi);
  if (!koffi || !library) return undefined;
  const calls = Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)]),
  ) as Calls;
  const bound: Bound = {
    koffi,
    calls,
    blockHook: koffi.proto('void BlockHook(void *engine, uint64_t address, uint32_t length, void *data)'),
    accessHook: koffi.proto(
      'void AccessHook(void *engine, int kind, uint64_t address, int length, int64_t value, void *data)',
    ),
  };
  return {
    open(architecture, mode, model) {
      const handle: [unknown] = [null];
      const code = calls.open(architecture, mode, handle);
      if (code !== 0) throw new Error(`unicorn: ${calls.explain(code)}`);
      if (model !== undefined) calls.control(handle[0], setModel, 'int', model);
      return engineOf(bound, handle[0]);
    },
  };
}

let known: { unicorn: Unicorn | undefined } | undefined;

/** Nothing, where koffi or libunicorn is not installed. */
export function findUnicorn(): Unicorn | undefined {
  known ??= { unicorn: bind() };
  return known.unicorn;
}
