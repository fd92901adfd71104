/** The files that one migration is made of. */

export type EntryFiles =
  | { readonly kind: "module"; readonly path: string }
  | {
      readonly kind: "sql";
      readonly path: string;
      /** Liquibase's: which change set of the file, as `author:id`. Default: all of it. */
      readonly changeset?: string | undefined;
    }
  | {
      readonly kind: "pair";
      readonly up?: string | undefined;
      readonly down?: string | undefined;
      /** diesel's metadata.toml. */
      readonly metadata?: string | undefined;
    };

/** The file that stands for a migration: the one that goes up. */
export function mainPath(files: EntryFiles): string {
  return files.kind === "pair" ? (files.up ?? files.down)! : files.path;
}

/** The files that hold its text: up before down. */
export function pathsOf(files: EntryFiles): readonly string[] {
  if (files.kind !== "pair") return [files.path];
  return [files.up, files.down].filter((path) => path !== undefined);
}

/** The same files under other paths. */
export function mapFiles(files: EntryFiles, path: (path: string) => string): EntryFiles {
  if (files.kind !== "pair") return { ...files, path: path(files.path) };
  const each = (one: string | undefined) => (one === undefined ? undefined : path(one));
  const { up, down, metadata } = files;
  return { kind: "pair", up: each(up), down: each(down), metadata: each(metadata) };
}
