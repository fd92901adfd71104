/** A folder of migrations and everything below it, as data. */
import type { ReadAs } from "../../core/model/warnings/files.ts";
import type { FolderEntry, Rejected } from "./layout.ts";

/** A folder and everything below it. */
export type FolderTree = {
  readonly name: string;
  readonly files: readonly string[];
  readonly folders: readonly FolderTree[];
};

/** The content of the whole tree, as paths relative to its root. */
export type Whole = {
  readonly entries: readonly FolderEntry[];
  readonly rejected: readonly Rejected[];
  /** Where the order, or the choice of files, is not the plain one. */
  readonly readAs: readonly ReadAs[];
};

/** The order of migrations that files beside them give. */
export type Beside = {
  /** Drizzle's journals by their folder, `""` for the root: where they are, and the migrations in their order. */
  readonly journals: ReadonlyMap<
    string,
    {
      readonly origin: string;
      readonly tags: readonly string[];
      /** When each was made, in milliseconds. Default: as long ago as can be. */
      readonly times?: readonly number[];
    }
  >;
};
