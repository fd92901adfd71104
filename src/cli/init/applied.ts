/** The answer of a project's database, as far as Slipway may ask it. Writes nothing to it. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isReleaseError } from "../../core/model/errors.ts";
import type { MigrationFile, Version } from "../../core/model/migration.ts";
import { importRelease } from "../find-release.ts";

/**
 * `count`: how many have run. `nothing`: the other tool has no history there. `silent`: why the
 * database gave no answer.
 */
export type DatabaseSays =
  | {
      readonly kind: "count";
      readonly count: number;
      readonly doubts: string | undefined;
      /** The newest file that has run with all before it. Default: none. */
      readonly upTo?: Version | undefined;
    }
  | { readonly kind: "nothing" }
  | { readonly kind: "silent"; readonly reason: string };

/** Longer than a server takes, and shorter than people wait. */
const patienceMs = 8_000;

/** Asks with the future release file, imported from a file that it removes afterwards. */
export async function appliedOn(
  root: string,
  releaseText: string,
  { from, files }: { readonly from: string; readonly files: readonly MigrationFile[] },
): Promise<DatabaseSays> {
  const file = join(root, `.slipway-init-${process.pid}.mjs`);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort("late"), patienceMs);
  try {
    writeFileSync(file, releaseText, { flag: "wx" });
    const release = (await importRelease({ root, releaseFile: file, looked: [] }, root)).using({
      emit: () => undefined,
      write: () => undefined,
      signal: late.signal,
    });
    const { recorded, known, pending, accepted } = await release.adopt("main", {
      from,
      dryRun: true,
      accept: ["row-without-file", "file-without-row", "checksum", "order", "failed", "ambiguous"],
    });
    const kinds = [...new Set(accepted.map(({ kind }) => kind))].join(", ");
    return {
      kind: "count",
      count: recorded.length + known,
      upTo: ranUpTo(files, pending),
      doubts: kinds === "" ? undefined : kinds,
    };
  } catch (error) {
    if (isReleaseError(error) && error.code === "foreign_missing") return { kind: "nothing" };
    if (late.signal.aborted) return { kind: "silent", reason: "it did not answer" };
    return { kind: "silent", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    rmSync(file, { force: true });
  }
}

/** Migrations after the first pending one may have run too; `check` judges those that did not. */
function ranUpTo(
  files: readonly MigrationFile[],
  pending: readonly { readonly version: Version }[],
): Version | undefined {
  const first = files.findIndex(({ version }) => pending.some((one) => one.version === version));
  return (first === -1 ? files : files.slice(0, first)).at(-1)?.version;
}
