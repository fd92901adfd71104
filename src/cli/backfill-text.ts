/** Backfills in words: a table of them, and one with its dead letters. */

import type { Rehearsal } from "../backfill/rehearse.ts";
import type { TenantCounts } from "../backfill/report.ts";
import {
  backfillShare,
  backfillState,
  liftCommand,
  restsLong,
} from "../core/backfill/state-words.ts";
import { describeSeconds } from "../core/model/blocker.ts";
import { mapTexts, visible } from "../core/model/visible.ts";
import type { RepoBackfill, RepoBackfillDetails } from "../release/backfills.ts";

/** One line for each. */
export function backfillList(given: readonly RepoBackfill[]): string {
  const backfills = mapTexts(given, visible);
  if (backfills.length === 0) return "no backfill was begun\n";
  const rows = [
    ["Repo", "Version", "Name", "State", "Done", "Failed", "Last batch"],
    ...backfills.map((one) => [
      ...[
        one.repo,
        one.version,
        nameOf(one),
        backfillState(one),
        one.tenants === undefined ? backfillShare(one) : tenantsShare(one.tenants),
        number(one.rowsDead),
      ],
      one.idleMs === undefined ? "" : `${describeSeconds(one.idleMs)} ago`,
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    `${row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd()}\n`;
  return rows.map((row, i) => line(row) + whyLine(backfills[i - 1])).join("");
}

/** Why it does not run, below its line. */
function whyLine(one: RepoBackfill | undefined): string {
  const reason = one?.held?.reason ?? one?.reason;
  return reason === undefined ? "" : `    ${reason}\n`;
}

function nameOf({ name, tenant, tenants }: RepoBackfill): string {
  if (tenant !== undefined) return `${name} (${tenant})`;
  return tenants === undefined ? name : `${name} (tenants)`;
}

/** Everything about one. */
export function backfillDetails(given: RepoBackfillDetails): string {
  const one = mapTexts(given, visible);
  const pace = Object.entries(one.pace).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const lines = [
    ["state", one.reason === undefined ? backfillState(one) : `${one.state}: ${one.reason}`],
    ...(one.tenants === undefined
      ? [["done", backfillShare(one)]]
      : [["tenants", tenantsWords(one.tenants)]]),
    [
      "rows",
      `${number(one.rowsSeen)} seen, ${number(one.rowsChanged)} changed, ${number(one.rowsDead)} failed`,
    ],
    ["ranges", `${one.rangesOpen} open of ${one.ranges}`],
    ["batches", `${number(one.batches)}, ${describeSeconds(one.busyMs)} in all`],
    ["log", `${number(Math.round(one.walBytes / 1024 / 1024))} MiB`],
    ["last batch", one.idleMs === undefined ? "none yet" : `${describeSeconds(one.idleMs)} ago`],
    ["pace", pace.length === 0 ? "as the file says" : pace.join(", ")],
    ...(restsLong(one) ? [["why", whyHeld(one)]] : []),
    ...(restsLong(one) ? [["lift it", liftCommand(one.version)]] : []),
    ["begun", one.startedAt.toISOString()],
    ...(one.finishedAt === undefined ? [] : [["finished", one.finishedAt.toISOString()]]),
  ];
  const dead = one.dead.map(
    ({ key, error, attempts }) =>
      `    ${key.join(", ")}: ${error}${attempts > 1 ? ` (tried ${attempts} times)` : ""}\n`,
  );
  return [
    `\nRepo: ${one.repo}, ${one.version} ${one.name}\n\n`,
    ...lines.map(([name = "", words = ""]) => `  ${name.padEnd(11)} ${words}\n`),
    ...(dead.length === 0 ? [] : [`  rows that failed, the first ${dead.length}:\n`, ...dead]),
  ].join("");
}

function whyHeld({ held }: RepoBackfillDetails): string {
  if (held !== undefined) return `a throttle holds it: ${held.reason}`;
  return "no throttle holds it: its batch waits, and the log of its worker says for what";
}

/** `12 of 15 tenants`, of those that were begun. */
function tenantsShare(tenants: TenantCounts): string {
  const begun = Object.values(tenants).reduce((sum, count) => sum + count, 0);
  return `${number(tenants.finished ?? 0)} of ${number(begun)} tenants`;
}

function tenantsWords(tenants: TenantCounts): string {
  const states = Object.entries(tenants).map(([state, count]) => `${number(count)} ${state}`);
  return states.length === 0 ? "none is begun" : states.join(", ");
}

/** So many failed rows of a batch are shown. */
const mostFailed = 10;

/** The findings of a rehearsal. */
export function rehearsalText(rehearsal: Rehearsal & { readonly repo: string }): string {
  const { batches, rowsExpected, expectedMs } = mapTexts(rehearsal, visible);
  const lines = batches.flatMap(({ rows, changed, failed, ms }) => [
    `    ${number(rows)} rows seen, ${number(changed)} changed, in ${Math.round(ms)} ms; rolled back\n`,
    ...failed.slice(0, mostFailed).map(({ key, error }) => `      ${keyWords(key)}: ${error}\n`),
    ...(failed.length > mostFailed ? [`      and ${failed.length - mostFailed} more\n`] : []),
  ]);
  const whole =
    expectedMs === undefined
      ? "    the table has no rows\n"
      : `    all of about ${number(rowsExpected)} rows: about ${describeSeconds(expectedMs)} on one connection, with batches of this size\n`;
  return [...lines, whole].join("");
}

function keyWords(key: readonly string[]): string {
  return key.length === 0 ? "the whole batch" : key.join(", ");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
