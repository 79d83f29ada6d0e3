/** What `flash.config.ts` says: which boards a project builds for, and what each is to be. Data only. */
import type { BoardName } from '#boards/board.ts';
import type { Role } from '../build/manifest.ts';

export interface BuildChoice {
  /** It pays, it is paid, both, or it only tests itself. */
  readonly role: Role;
  /** Name of a preset tier; absent on boards without native code, which take part by vouchers alone. */
  readonly tier?: string;
  /** false leaves the native kernel out: for a program that calls none. */
  readonly kernel?: false;
  /** Program: TypeScript under device/, a path from the file of this configuration. Absent: the self-test. */
  readonly entry?: string;
  /** Radios that the program may use; absent: those of the configuration. */
  readonly radios?: readonly Radio[];
}

type Radio = 'ble' | 'nfc' | 'wifi';

export interface FlashConfig {
  /** Name of the lot that boards belong to. */
  readonly lot: string;
  /** Address of the service that devices sync with. */
  readonly service: string;
  readonly radios: readonly Radio[];
  readonly boards: Readonly<Partial<Record<BoardName, BuildChoice>>>;
}

/** Checks types while you write; returns what it is given. */
export const defineFlash = (config: FlashConfig): FlashConfig => config;
