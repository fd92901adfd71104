import type { ForeignModules } from "../core/language/foreign-modules.ts";

export type SourceOptions = {
  readonly repo: string;
  readonly root: string;
  /** Whether a folder that is not there means no migrations, in place of an error. */
  readonly mayBeMissing: boolean;
  /** Whose modules they are. Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
};
