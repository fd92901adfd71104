/** What a section of the bench measures with. */
import type { Engine } from "./engines.ts";

export type Bench = {
  /** An empty folder. */
  readonly folder: string;
  /** The folder of the floors, each bundled into one file. */
  readonly floors: string;
  /** The built command line. */
  readonly slipway: string;
  /** The databases that are here, PostgreSQL first. */
  readonly engines: readonly [Engine, ...Engine[]];
  /** How often each contestant runs. */
  readonly rounds: number;
  /** Whether other tools take part. */
  readonly peers: boolean;
  /** Aborts when the machine is too busy for any of this. */
  readonly signal: AbortSignal;
  /** Makes an empty database on PostgreSQL and gives its URL. */
  database(): Promise<string>;
};
