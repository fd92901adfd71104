/** Events as lines for people, worded as Ecto's. */
import { stripVTControlCharacters, styleText } from "node:util";
import {
  describeBlocker,
  describeBlockers,
  describeLock,
  describeMs,
  type NamedLock,
} from "../core/model/blocker.ts";
import { describeHolder, describeWaiting } from "../core/model/errors.ts";
import { redact } from "../core/model/redact.ts";
import { mapTexts, visibleBlock } from "../core/model/visible.ts";
import { type Forecast, forecastWords } from "../core/safety/forecast/forecast.ts";
import type { Emit, RunEvent } from "../engine/events.ts";
import { backfillLine } from "./backfill-lines.ts";
import { fleetLine } from "./fleet-lines.ts";
import { paced } from "./paced.ts";
import { statementLine } from "./statement-line.ts";
import { took } from "./took.ts";

export type TerminalOptions = {
  readonly write: (text: string) => void;
  /** Colours. Default: `false`. */
  readonly styled?: boolean;
  /** Milliseconds since an arbitrary start. Default: of the process. */
  readonly now?: () => number;
  /** How wide the terminal is now, for lines that may be long. Default: as wide as they are. */
  readonly columns?: (() => number) | undefined;
};

/** A reporter that writes a line per event. */
export function terminal(options: TerminalOptions): Emit {
  const paint: Paint = (style, text) =>
    // The caller knows where the text goes, and has decided about colours.
    options.styled ? styleText(style, text, { validateStream: false }) : text;
  const isDue = paced(options.now ?? (() => performance.now()));
  return (event) => {
    if (!isDue(event)) return;
    const line = lineOf(shownTexts(event), paint);
    if (line === undefined) return;
    const isLong = mayBeLong.has(event.type);
    const most = isLong ? options.columns?.() : undefined;
    options.write(`${most === undefined ? line : cut(line, most)}\n`);
  };
}

const mayBeLong: ReadonlySet<RunEvent["type"]> = new Set([
  "lock_waiting",
  "waiting",
  "statement_progress",
]);

/** Colours take no room. */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, columns - 1)}…`;
}

/** Hides passwords, and signs that would move the cursor or look like a line of Slipway's. */
export function shownTexts(event: RunEvent): RunEvent {
  return mapTexts(event, (text) => visibleBlock(redact(text)));
}

type Paint = (style: "green" | "yellow" | "red" | "dim" | "cyan", text: string) => string;

function lineOf(event: RunEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case "warning":
      return `${paint("yellow", "warning:")} ${ofRepo(event.repo, event.message)}`;
    case "nothing_to_do":
      return nothingWords(event);
    case "lock_waiting":
      return paint(
        "yellow",
        `repo ${event.repo}: waiting for the migration lock, held by ${describeHolder(event.holder)}`,
      );
    case "waiting":
      return paint("yellow", `repo ${event.repo}: waiting for ${describeWaiting(event)}`);
    case "lock_taken":
      return `repo ${event.repo}: got the migration lock after ${took(event.waitedMs)}`;
    case "migration_started":
      return paint(
        "cyan",
        `== Running ${event.migration.version} ${event.migration.name}.${callbackWords(event)}`,
      );
    case "forecast":
      return forecastLines(event.forecasts);
    case "operation":
      return event.words;
    case "sql":
      return paint("dim", withParameters(event.sql, event.parameters));
    case "notice":
      return `${event.notice.level}: ${event.notice.message}`;
    case "blocked":
      return paint("yellow", blockedWords(event));
    case "waits_for":
      return paint(
        "yellow",
        `it waits for what was open before it: ${describeBlockers(event.blockers)}`,
      );
    case "statement_progress":
      return paint(event.wait === undefined ? "dim" : "yellow", statementLine(event));
    case "locks_held":
      return `held ${locks(event.held)} for at most ${describeMs(event.tookMs)}${event.attempt === 1 ? "" : `, in try ${event.attempt}`}`;
    case "blocker_ended":
      return `${paint("yellow", "warning:")} repo ${event.migration.repo}: ended what was in the way: ${describeBlocker(event.blocker)}`;
    case "migration_finished":
      return paint(
        "green",
        `== Migrated ${event.migration.version} in ${took(event.durationMs)}${foretold(event.forecastMs)}`,
      );
    case "backfill_started":
    case "backfill_ended":
      return paint(endOf(event), wordsOf(event));
    case "backfill_progress":
    case "backfill_held":
      return wordsOf(event);
    case "fleet_up_to_date":
    case "fleet_quarantined":
    case "fleet_started":
    case "fleet_wave":
    case "fleet_progress":
    case "fleet_ended":
      return fleetWords(event);
    case "tenant_failed":
      return paint("red", fleetWords(event));
    case "migration_failed":
      return paint("red", `== Failed ${event.migration.version}: ${event.reason}`);
  }
}

function nothingWords(event: Extract<RunEvent, { type: "nothing_to_do" }>): string {
  const { repo, direction, left, phase } = event;
  if (left === undefined) return `repo ${repo}: Migrations already ${direction}`;
  const part = phase === undefined ? "up to there" : `in phase ${phase}`;
  return `repo ${repo}: nothing to run ${part}; ${left} ${left === 1 ? "is" : "are"} pending`;
}

/** Work that takes less than a second needs no word. */
function forecastLines(forecasts: readonly Forecast[]): string | undefined {
  const worth = forecasts.filter(({ ms }) => ms[1] >= 1_000);
  if (worth.length === 0) return undefined;
  return worth.map((one) => `forecast: ${one.table}: ${forecastWords(one)}`).join("\n");
}

function foretold(range: readonly [number, number] | undefined): string {
  if (range === undefined || range[1] < 1_000) return "";
  return ` (forecast ${took(range[0])} to ${took(range[1])})`;
}

/** A refusal that a look ahead tells as a warning names its repo already. */
function ofRepo(repo: string, message: string): string {
  const name = `repo ${repo}`;
  return message.startsWith(`${name}:`) || message.startsWith(`${name} `)
    ? message
    : `${name}: ${message}`;
}

/** Is there in a built release only, when none of its migrations is a backfill. */
declare const slipwayWithoutBackfills: true | undefined;

/** Is there in a built release only, when no repo of it has tenants. */
declare const slipwayWithoutTenants: true | undefined;

function fleetWords(event: Parameters<typeof fleetLine>[0]): string {
  return typeof slipwayWithoutTenants === "undefined" ? fleetLine(event) : event.type;
}

function wordsOf(event: Parameters<typeof backfillLine>[0]): string {
  return typeof slipwayWithoutBackfills === "undefined" ? backfillLine(event) : event.type;
}

function endOf(event: Extract<RunEvent, { type: "backfill_started" | "backfill_ended" }>) {
  if (event.type === "backfill_started") return "cyan";
  return event.end === "finished" ? "green" : "yellow";
}

function callbackWords(event: Extract<RunEvent, { type: "migration_started" }>): string {
  if (event.callback !== "change") return event.callback;
  return event.direction === "up" ? "change forward" : "change backward";
}

function blockedWords(event: Extract<RunEvent, { type: "blocked" }>): string {
  const { attempt, reason, wanted, held, blockers, nextInMs } = event;
  const took = describeMs(event.tookMs);
  const words = [
    reason === "deadlock"
      ? `try ${attempt} ended in a deadlock after ${took}`
      : `try ${attempt} waited ${took}${wanted === undefined ? "" : ` for ${describeLock(wanted)}`}`,
    held.length > 0 && `it held ${locks(held)}`,
    `in the way: ${describeBlockers(blockers)}`,
    nextInMs !== undefined && `again in ${describeMs(nextInMs)}`,
  ];
  return words.filter(Boolean).join("; ");
}

function locks(held: readonly NamedLock[]): string {
  return held.map(describeLock).join(", ");
}

function withParameters(sql: string, parameters: readonly unknown[] | undefined): string {
  return parameters === undefined || parameters.length === 0
    ? sql
    : `${sql} ${JSON.stringify(parameters)}`;
}
