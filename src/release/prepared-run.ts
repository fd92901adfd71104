import type { Session } from "../adapters/adapter.ts";
import type { Direction } from "../core/model/migration.ts";
import type { Warning } from "../core/model/warnings.ts";
import type { Step } from "../core/plan/step.ts";
import type { Repo } from "./config.ts";
import type { Lane } from "./lane.ts";

/** The steps to run on one repo, with their connection. */
export type PreparedRun = {
  readonly repo: Repo;
  readonly lane: Lane;
  readonly session: Session;
  readonly direction: Direction;
  readonly steps: readonly Step[];
  readonly warnings: readonly Warning[];
  /** Whether the history had rows. Default: nobody knows. */
  readonly hasRun?: boolean;
  /** How many are pending that the given target or phase leaves out. Default: none. */
  readonly left?: number;
};
