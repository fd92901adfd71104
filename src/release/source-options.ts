import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { Placeholders } from "../core/sql/placeholders.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";

export type SourceOptions = {
  readonly repo: string;
  readonly root: string;
  /** Whether a folder that is not there means no migrations, in place of an error. */
  readonly mayBeMissing: boolean;
  /** Whose modules they are. Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
  /** What stands in place of `${name}` in SQL files. Default: nothing does. */
  readonly placeholders?: Placeholders | undefined;
  /** How the names in a folder are read. Default: as they look. */
  readonly layout?: LayoutName | undefined;
};
