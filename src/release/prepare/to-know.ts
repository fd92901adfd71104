/**
 * Warns before the steps run: of a migration that does nothing, and of data that does not come
 * back.
 */
import { ReleaseError } from "../../core/model/errors.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import { sqlOf } from "../../core/plan/sent-sql.ts";
import type { Step } from "../../core/plan/step.ts";

/** Finds empty migrations: gives warnings, or with `strict` refusals. */
export function emptyAmong(
  steps: readonly Step[],
  { repo, strict }: { readonly repo: string; readonly strict: boolean },
): { readonly warnings: readonly Warning[]; readonly refused: readonly ReleaseError[] } {
  const empty = steps.filter(isEmpty).map(({ file: { origin } }) => origin);
  if (strict)
    return {
      warnings: [],
      refused: empty.map((origin) => new ReleaseError("migration_empty", { repo, origin })),
    };
  return { warnings: empty.map((origin) => warning("does_nothing", { origin })), refused: [] };
}

/** Hooks of the repo do not count as the migration's work. */
function isEmpty({ direction, backfill, actions, replaced = [] }: Step): boolean {
  if (direction === "down" || backfill !== undefined || replaced.length > 0) return false;
  return actions
    .filter(({ of }) => of !== "hook")
    .every((action) => action.kind === "statements" && action.statements.length === 0);
}

/** Going down: tables and columns that were dropped, and come back without their data. */
export function dataGone(steps: readonly Step[]): readonly Warning[] {
  return steps.flatMap((step) => {
    if (step.direction === "up" || step.undoesPart !== undefined) return [];
    const back = step.actions
      .flatMap((action) => (action.kind === "statements" ? sqlOf(action) : []))
      .flatMap(comesBack);
    const things = [...new Set(back)];
    return things.length === 0 ? [] : [warning("data_gone", { id: step.file.id, things })];
  });
}

const name = String.raw`((?:[\w$]+|"[^"]+"|${"`[^`]+`"})(?:\.(?:[\w$]+|"[^"]+"|${"`[^`]+`"}))*)`;
const table = new RegExp(String.raw`^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?${name}`, "i");
const altered = new RegExp(
  String.raw`^\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?${name}`,
  "i",
);
const added = new RegExp(String.raw`\bADD\s+(?:COLUMN\s+)(?:IF\s+NOT\s+EXISTS\s+)?${name}`, "gi");

function comesBack(sql: string): readonly string[] {
  const [, made] = table.exec(sql) ?? [];
  if (made !== undefined) return [`table ${plainName(made)}`];
  const [, changed] = altered.exec(sql) ?? [];
  if (changed === undefined) return [];
  return [...sql.matchAll(added)].map(
    ([, column = ""]) => `column ${plainName(changed)}.${plainName(column)}`,
  );
}

function plainName(quoted: string): string {
  return quoted.replace(/["`]/g, "");
}
