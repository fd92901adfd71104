/** Text that others wrote reaches the terminal as text: it moves no cursor, and no line of ours can be forged with it. */
import { describe, expect, it } from "vitest";
import { errorExamples } from "../../scripts/error-examples.ts";
import { warningExamples } from "../../scripts/warning-examples.ts";
import { backfillDetails, backfillList, rehearsalText } from "../../src/cli/backfill-text.ts";
import { failureText } from "../../src/cli/failure.ts";
import { historyText } from "../../src/cli/history-text.ts";
import { planText } from "../../src/cli/plan-text.ts";
import { rolloutText } from "../../src/cli/rollout-text.ts";
import { errorOf } from "../../src/core/model/development-error.ts";
import type { ErrorCode } from "../../src/core/model/errors.ts";
import { mapTexts, visible, visibleBlock, visibleLines } from "../../src/core/model/visible.ts";
import { type Warning, type WarningCode, warning } from "../../src/core/model/warnings.ts";
import { statusBlock } from "../../src/core/plan/status.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { json } from "../../src/reporters/json.ts";
import { withLiveLine } from "../../src/reporters/live-line.ts";
import { terminal } from "../../src/reporters/terminal.ts";

/** What a terminal obeys, each before a line that looks like one of ours. */
const hostile = [
  ..."\n\r\v\f\u0085\u2028\u2029\u001b\u009b\u0007\b\0\u007f\u202e\u2066\u061c\ufeff",
]
  .map((sign) => `x${sign}FORGED`)
  .join("")
  .concat("\r\nFORGED \u001b[2J\u001b]0;FORGED\u0007 postgres://me:secret@host/db");

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const obeyed = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
  return text.replace(/\x1b\[\d+m/g, "");
}

/** Bytes that a terminal gets, without the colours that we ask for. */
function expectHarmless(printed: string): void {
  const own = withoutColours(printed);
  expect(obeyed.exec(own)?.[0]).toBeUndefined();
  expect(own.split("\n").filter((line) => line.startsWith("FORGED"))).toEqual([]);
  expect(own).not.toContain("secret");
  expect(own).toContain("FORGED");
}

const migration = { repo: hostile, version: "1", name: hostile };
const holder = {
  pid: hostile,
  host: hostile,
  application: hostile,
  since: hostile,
  running: hostile,
};
const locks = [{ mode: hostile, on: hostile }];
const blocker = {
  pid: "1",
  user: hostile,
  application: hostile,
  host: hostile,
  state: hostile,
  query: hostile,
};
const progress = {
  ...{ rowsSeen: 1, rowsChanged: 1, rowsExpected: 2, rowsDead: 1, rowsPerSecond: 1 },
  ...{ batchRows: 1, batchMs: 1, workers: 1, leftMs: 1 },
};

/** The type says when one is missing. */
const events: { readonly [Type in RunEvent["type"]]: Extract<RunEvent, { type: Type }> } = {
  warning: { type: "warning", repo: hostile, ...warning("event_not_written", { reason: hostile }) },
  nothing_to_do: { type: "nothing_to_do", repo: hostile, direction: "up" },
  lock_waiting: { type: "lock_waiting", repo: hostile, waitedMs: 1, holder },
  waiting: { type: "waiting", waitedMs: 1, repo: hostile, pending: [migration], holder },
  lock_taken: { type: "lock_taken", repo: hostile, waitedMs: 1 },
  migration_started: { type: "migration_started", migration, direction: "up", callback: "change" },
  forecast: {
    ...{ type: "forecast", migration },
    forecasts: [
      {
        ...{ does: "index", table: hostile, waits: "nobody", rows: 1, passes: 1 },
        ...{ readBytes: 1, writeBytes: 1, ms: [1_000, 2_000], measured: 0 },
      },
    ],
  },
  operation: { type: "operation", migration, words: hostile },
  sql: { type: "sql", repo: hostile, by: "migration", sql: hostile, parameters: [hostile] },
  notice: { type: "notice", repo: hostile, notice: { level: hostile, message: hostile } as never },
  blocked: {
    ...{
      type: "blocked",
      migration,
      operation: hostile,
      attempt: 1,
      reason: "deadlock",
      tookMs: 1,
    },
    ...{ nextInMs: 1, wanted: locks[0], held: locks, blockers: [blocker] },
  },
  waits_for: { type: "waits_for", migration, operation: hostile, blockers: [blocker] },
  statement_progress: {
    ...{ type: "statement_progress", migration, operations: [hostile], elapsedMs: 12_000 },
    ...{
      phase: hostile,
      on: hostile,
      wait: { wanted: locks[0], held: locks, blockers: [blocker] },
    },
  },
  locks_held: { type: "locks_held", migration, attempt: 2, tookMs: 1, held: locks },
  blocker_ended: { type: "blocker_ended", migration, blocker },
  migration_finished: {
    type: "migration_finished",
    migration: { ...migration, version: hostile },
    direction: "up",
    durationMs: 1,
  },
  backfill_started: {
    ...{ type: "backfill_started", migration, table: hostile, rowsExpected: 1, joined: false },
  },
  backfill_progress: { type: "backfill_progress", migration, ...progress },
  backfill_held: { type: "backfill_held", migration, reason: hostile },
  backfill_ended: {
    ...{ type: "backfill_ended", migration: { ...migration, version: hostile }, end: "finished" },
    ...{ rowsSeen: 1, rowsChanged: 1 },
  },
  fleet_up_to_date: { type: "fleet_up_to_date", repo: hostile, tenants: 2 },
  fleet_quarantined: { type: "fleet_quarantined", repo: hostile, tenants: 2 },
  fleet_started: { type: "fleet_started", repo: hostile, behind: 2, connections: 1 },
  fleet_wave: { type: "fleet_wave", repo: hostile, wave: "canary", tenants: 1 },
  fleet_progress: {
    ...{ type: "fleet_progress", repo: hostile, done: 1, failed: 1, behind: 3 },
    ...{ perSecond: 1, leftMs: 1_000 },
  },
  tenant_failed: { type: "tenant_failed", tenant: hostile, reason: hostile, ...migration },
  fleet_ended: {
    ...{ type: "fleet_ended", repo: hostile, migrated: 1, failed: 1, left: 1, durationMs: 1 },
  },
  migration_failed: { type: "migration_failed", migration, direction: "up", reason: hostile },
};

describe("events", () => {
  it.each(Object.entries(events).filter(([type]) => type !== "backfill_progress"))(
    "%s, plain and coloured, and below a bar",
    (_, event) => {
      for (const styled of [false, true]) {
        const lines: string[] = [];
        terminal({ write: (text) => lines.push(text), styled })(event);
        expectHarmless(lines.join(""));
      }
      const drawn: string[] = [];
      const write = (text: string) => void drawn.push(text);
      const shown = withLiveLine(terminal({ write }), { write });
      shown(events.backfill_progress);
      shown(event);
      expectHarmless(drawn.join("").replaceAll("\r\u001b[2K", ""));
    },
  );

  it("as JSON are as they are, but for passwords", () => {
    const lines: string[] = [];
    json({ write: (text) => lines.push(text) })(events.warning);
    const reason = hostile.replace("secret", "***");
    expect(JSON.parse(lines.join(""))).toEqual({
      ...{ type: "warning", repo: reason },
      ...warning("event_not_written", { reason }),
    });
  });
});

it.each(Object.keys(warningExamples) as WarningCode[])("the warning %s", (code) => {
  const examples: { readonly [code: string]: object } = warningExamples;
  const details = mapTexts(examples[code]!, (text) =>
    // What a code in the details chooses is ours.
    /^[a-z]+([_-][a-z]+)*$/.test(text) ? text : `${text} ${hostile}`,
  );
  const lines: string[] = [];
  const told = warning(code, details as never) as Warning;
  terminal({ write: (text) => lines.push(text) })({ type: "warning", repo: hostile, ...told });
  expectHarmless(lines.join(""));
});

describe("errors", () => {
  const examples: { readonly [code: string]: object } = errorExamples;

  it.each(Object.keys(errorExamples) as ErrorCode[])("%s", (code) => {
    const details = mapTexts(examples[code]!, (text) => `${text} ${hostile}`);
    // The one that holds others.
    const sample = code === "several" ? examples[code] : details;
    const error = errorOf(code, sample as never);
    for (const debug of [false, true]) {
      const printed = failureText(error, { styled: true, debug });
      expect(obeyed.exec(withoutColours(printed))?.[0]).toBeUndefined();
      expect(printed.split("\n").filter((line) => line.startsWith("FORGED"))).toEqual([]);
      expect(printed).not.toContain("secret");
    }
  });

  it("one that is none of ours, with its cause", () => {
    const error = new Error(hostile, { cause: new Error(hostile) });
    error.stack = `Error: ${hostile}\n    at open (${hostile})`;
    expectHarmless(failureText(error, { styled: false, debug: true }));
  });
});

/** The command line makes what is left visible in whatever a command prints; line breaks it cannot judge. */
describe("tables", () => {
  const at = new Date(0);
  const name = hostile;
  const report = {
    ...{ repo: hostile, version: "1", name, state: "failed" as const, reason: hostile },
    ...{ rowsSeen: 1, rowsChanged: 1, rowsExpected: 1, rowsDead: 1, ranges: 1, rangesOpen: 1 },
    ...{ batches: 1, walBytes: 1, busyMs: 1, idleMs: 1, pace: {}, startedAt: at },
  };
  const step = {
    file: { id: hostile, version: "1", name, origin: hostile },
    actions: [
      { kind: "run", words: hostile },
      { kind: "statements", words: hostile, note: hostile, statements: [{ sql: hostile }] },
    ],
    ...{ direction: "up", callback: "up", transactional: true, phase: "before" },
  };
  const effects = { breaks: [hostile], gives: [hostile], unknown: [hostile] };
  const rollout = {
    before: [{ version: "1", name, phase: "before", order: "both", effects }],
    ...{
      after: [],
      data: [{ version: "2", name }],
      warnings: [
        warning("breaks_old_code", { version: "1", name, isPart: true, breaks: [hostile] }),
      ],
    },
  };
  const plan = { repo: "main", direction: "up", steps: [step], rollout } as never;
  const tables: { readonly [table: string]: () => string } = {
    status: () =>
      statusBlock("Repo: main", [
        { status: "up", version: "1", name, inRelease: false, hasPlan: true },
      ]),
    history: () =>
      historyText({
        repo: "main",
        events: [
          {
            ...{ at, history: "h", version: "1", name, direction: "up", result: "failed" },
            ...{ reason: hostile, durationMs: 1, runId: hostile, release: hostile, host: hostile },
            fence: "1",
          },
        ],
      }),
    plan: () => planText([plan]),
    rollout: () => rolloutText([plan]),
    "list of backfills": () => backfillList([report]),
    "one backfill": () =>
      backfillDetails({
        ...report,
        dead: [{ key: [hostile], error: hostile, attempts: 2 } as never],
      }),
    rehearsal: () =>
      rehearsalText({
        ...{ repo: hostile, rowsExpected: 1, expectedMs: 1 },
        batches: [
          { rows: 1, changed: 1, ms: 1, failed: [{ key: [hostile], error: hostile } as never] },
        ],
      }),
  };

  it.each(Object.entries(tables))("%s", (_, table) => {
    const printed = visibleLines(table());
    expect(obeyed.exec(printed)?.[0]).toBeUndefined();
    const forged = printed.split("\n").filter((line) => /^ {0,3}FORGED/.test(line));
    expect(forged).toEqual([]);
    expect(printed).toContain("FORGED");
  });
});

describe("what is made visible", () => {
  it.each([
    ["a\nb\r\tc", "a\\nb\\r\\tc"],
    ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"],
    ["Grüße, 世界 👩‍💻", "Grüße, 世界 👩‍💻"],
  ])("%j on one line is %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visible(shown)).toBe(shown);
  });

  it("lines stay lines, and later ones are moved from the left edge", () => {
    expect(visibleLines("a\r\n\tb\rc\n")).toBe("a\n\tb\\rc\n");
    expect(visibleBlock("create table a (\n  id int\n)\n")).toBe(
      "create table a (\n  id int\n  )\n",
    );
  });
});
