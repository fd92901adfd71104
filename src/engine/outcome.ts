import type { Direction, Version } from "../core/model/migration.ts";

/** What became of one migration. */
export type Outcome = {
  readonly version: Version;
  readonly name: string;
  readonly direction: Direction;
  readonly durationMs: number;
};
