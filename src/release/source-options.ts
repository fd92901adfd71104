import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { Placeholders } from "../core/sql/placeholders.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";

export type SourceOptions = {
  readonly repo: string;
  readonly root: string;
  /** Whether a missing folder means no migrations instead of an error. */
  readonly mayBeMissing: boolean;
  /** Whose modules they are. Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
  /** The values of `${name}` in SQL files. Default: Slipway replaces nothing. */
  readonly placeholders?: Placeholders | undefined;
  /** How the names in a folder are read. Default: as they look. */
  readonly layout?: LayoutName | undefined;
};
