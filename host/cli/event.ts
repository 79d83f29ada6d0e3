/** What a verb tells while it runs: each event is a line for people and the same as data for programs. */
export interface Event {
  /** Empty: only for programs. */
  readonly text: string;
  /** One JSON object a line under `--json`. */
  readonly data: Readonly<Record<string, unknown>>;
}

export type Events = AsyncGenerator<Event, void, undefined>;
