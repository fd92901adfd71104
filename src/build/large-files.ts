/** SQL files that are too large for a bundle: they lie beside it, and are read while they are sent. */
import { readFileSync } from "node:fs";
import { largeChecksum } from "../engine/discovery/large-file.ts";
import { type CarriedRepo, type LargeCode, lanes } from "./carried.ts";
import type { ReleaseFile } from "./release-file.ts";

/** One of them. */
export type LargeFile = LargeCode & {
  /** As people know it. */
  readonly origin: string;
  /** Where it lies, below `lib`. */
  readonly place: string;
};

export function largeFilesIn(repos: readonly CarriedRepo[]): readonly LargeFile[] {
  return repos.flatMap((repo) =>
    lanes.flatMap((lane) =>
      (repo[lane] ?? []).flatMap(({ file: { id, origin }, code }) =>
        code.kind === "large"
          ? [{ ...code, origin, place: `sql/${repo.name}/${lane}/${id}.sql` }]
          : [],
      ),
    ),
  );
}

/** The module that replaces it in the bundle: a migration like any other. */
export function largeModule({ path, origin, place, down }: LargeFile): string {
  const given = { place, origin, checksum: largeChecksum([path]), back: down };
  return `import { streamedBeside } from "slipway:built/large-file";
export default streamedBeside(import.meta.dirname, ${JSON.stringify(given)});
`;
}

export function largeFilesBeside(repos: readonly CarriedRepo[]): readonly ReleaseFile[] {
  return largeFilesIn(repos).map(({ path, place }) => ({
    path: `lib/${place}`,
    contents: readFileSync(path),
  }));
}

/**
 * The same migrations with the text of these files in them, for a caller that wants no file beside.
 */
export function withoutLargeFiles(
  repos: readonly CarriedRepo[],
  read: (path: string) => string,
): readonly CarriedRepo[] {
  return repos.map((repo) => ({
    ...repo,
    ...Object.fromEntries(
      lanes.flatMap((lane) => {
        const all = repo[lane]?.map((one) => {
          if (one.code.kind !== "large") return one;
          const { path, down } = one.code;
          return { ...one, code: { kind: "pair" as const, up: read(path), down } };
        });
        return all === undefined ? [] : [[lane, all]];
      }),
    ),
  }));
}
