/**
 * `startAfter` of a repo that came from another tool: migrations that have run are no longer
 * judged.
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { writeWhole } from "../build/whole-file.ts";
import { inputFromDigits } from "../core/model/migration.ts";
import type { Adoption } from "../release/adopt.ts";
import type { Project } from "./find-release.ts";

/**
 * Writes it into the release file where that has one plain place for it, and gives the words for that; or the line to be
 * written. `undefined` where there is nothing to say.
 */
export function saidStartAfter(
  { repo, startAfter }: Pick<Adoption, "repo" | "startAfter">,
  at: { readonly project: Project; readonly cwd: string; readonly mayWrite: boolean },
): string | undefined {
  if (startAfter === undefined) return undefined;
  const line = `startAfter: ${versionText(startAfter)},`;
  const { releaseFile } = at.project;
  const file = releaseFile === undefined ? "release.ts" : relative(at.cwd, releaseFile);
  const text = releaseFile === undefined ? undefined : readFileSync(releaseFile, "utf8");
  const changed = text === undefined ? undefined : withLine(text, { repo, line });
  const why = "so that check judges what comes later";
  if (releaseFile === undefined || changed === undefined || !at.mayWrite)
    return `repo ${repo} of ${file} wants this line, ${why}:\n  ${line}`;
  writeWhole({ path: releaseFile, contents: changed });
  return `* updating ${file}: ${line} ${why}`;
}

/**
 * Pure. The text with the line at the head of the repo; `undefined` where the place of the repo is
 * not sure.
 */
export function withLine(
  text: string,
  { repo, line }: { readonly repo: string; readonly line: string },
): string | undefined {
  if (/\bstartAfter\b/.test(text) || !/^[\w$]+$/.test(repo)) return undefined;
  const first = new RegExp(
    `\\brepos\\s*:\\s*\\{(\\s*)${repo.replaceAll("$", "\\$")}\\s*:\\s*\\{`,
    "g",
  );
  const found = [...text.matchAll(first)];
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  const end = only.index + only[0].length;
  // The line stands alone where the repo is written on several lines.
  const [own] = /^[ \t]*\r?\n[ \t]*/.exec(text.slice(end)) ?? [];
  return `${text.slice(0, end)}${own ?? " "}${line}${text.slice(end)}`;
}

/** As TypeScript writes it. */
export function versionText(version: string): string {
  if (!/^\d+$/.test(version)) return JSON.stringify(version);
  const input = inputFromDigits(version);
  return typeof input === "bigint" ? `${input}n` : String(input);
}
