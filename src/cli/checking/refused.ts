/**
 * The statements under check that a shadow refuses. Where there is no shadow, or it cannot be
 * built, there are none.
 */

import type { FilesRun } from "../../check/check-files.ts";
import type { JudgedLine } from "../../check/check-history.ts";
import { isReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import type { Refused, Script } from "../../core/safety/effects/script.ts";
import type { ShadowRun } from "../../shadow/refused/refused-on.ts";

export type ShadowOf = {
  /** A server for the shadow. Default: a PGlite in memory, where it is installed. */
  readonly url: string | undefined;
  /** SQL that it begins with. */
  readonly sql: string | undefined;
  /** The major version that the answer is for. */
  readonly major: number;
};

/** Of files: without a schema nothing is known, and nothing is tried. */
export async function refusedOfFiles(
  { base, scripts }: FilesRun,
  shadow: ShadowOf,
): Promise<Refused | undefined> {
  if (base === undefined) return undefined;
  return refusedBy(
    { base, scripts, wanted: allOf(scripts), unread: new Set(), isComplete: true },
    shadow,
  );
}

/** Of the migrations of a release, line by line. Tables that no migration made may be there too. */
export async function refusedOfHistory(
  lines: readonly JudgedLine[],
  wanted: ReadonlySet<Version>,
  shadow: ShadowOf,
): Promise<readonly (Refused | undefined)[]> {
  const found: (Refused | undefined)[] = [];
  for (const { migrations, judged } of lines) {
    const places = migrations.flatMap(({ file }, i) => (wanted.has(file.version) ? [i] : []));
    const unread = migrations.flatMap(({ step }, i) =>
      step.actions.some(({ kind }) => kind === "run") ? [i] : [],
    );
    const scripts = judged.map(({ script }) => script);
    const end = (places.at(-1) ?? -1) + 1;
    found.push(
      await refusedBy(
        {
          ...{ scripts: scripts.slice(0, end), wanted: new Set(places), unread: new Set(unread) },
          isComplete: false,
        },
        shadow,
      ),
    );
  }
  return found;
}

async function refusedBy(
  run: Omit<ShadowRun, "mayMakeRoles" | "major">,
  { url, sql, major }: ShadowOf,
): Promise<Refused | undefined> {
  if (run.scripts.length === 0 || /^(?:mysql|mariadb):/i.test(url ?? "")) return undefined;
  const { openShadow } = await import("../../shadow/trace/shadow.ts");
  const { refusedOn } = await import("../../shadow/refused/refused-on.ts");
  const extensions = await extensionsOf(run);
  try {
    const shadow = await openShadow({ kind: "postgres", url, sql, extensions });
    try {
      const session = await shadow.adapter.open({ role: "work", application: "slipway check" });
      try {
        return await refusedOn(session, { ...run, major, mayMakeRoles: url === undefined });
      } finally {
        await session.close();
      }
    } finally {
      await shadow.dispose();
    }
  } catch (error) {
    // Without a named server, the check does as much as it can without one.
    if (url === undefined && sql === undefined) return undefined;
    if (isMissingDriver(error)) return undefined;
    throw error;
  }
}

async function extensionsOf({
  base = [],
  scripts,
}: Pick<ShadowRun, "base" | "scripts">): Promise<readonly string[]> {
  const { extensionsNamed } = await import("../../shadow/trace/extensions.ts");
  const all = [...base, ...scripts.flatMap(({ statements }) => statements)];
  const made = all.filter(
    ({ node }) => node?.kind === "CreateExtensionStmt" || node?.kind === "DoStmt",
  );
  return extensionsNamed(made.map(({ text }) => text).join("\n"));
}

function isMissingDriver(error: unknown): boolean {
  return isReleaseError(error) && error.code === "driver_missing";
}

function allOf(scripts: readonly Script[]): ReadonlySet<number> {
  return new Set(scripts.keys());
}
