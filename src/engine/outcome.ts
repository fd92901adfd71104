import type { Direction, Version } from "../core/model/migration.ts";

/** The outcome of one migration. */
export type Outcome = {
  readonly version: Version;
  readonly name: string;
  readonly direction: Direction;
  readonly durationMs: number;
};
