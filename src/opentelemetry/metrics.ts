/** Counts and measures runs. */
import {
  type Attributes,
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  metrics,
} from "@opentelemetry/api";
import type { RunEvent } from "../engine/events.ts";
import type { ToldLag } from "../engine/traced.ts";
import { databaseAttributes } from "./database.ts";
import { migrationAttributes } from "./span-facts.ts";
import type { WorkEnded } from "./spans.ts";

/** Hears of work that ended and of events. */
export type Measuring = {
  readonly ended: WorkEnded;
  hear(event: RunEvent): void;
  hearLag(lag: ToldLag): void;
};

/**
 * Makes the instruments at the first run: a meter that is taken before the SDK starts measures
 * nothing.
 */
export function measure(): Measuring {
  let made: Instruments | undefined;
  const all = () => {
    made ??= instruments(metrics.getMeter("slipway"));
    return made;
  };
  return {
    ended(kind, facts, { seconds, errorType }) {
      const error = errorType === undefined ? {} : { "error.type": errorType };
      const about = { ...attributesOf(kind, facts), ...error };
      if (kind === "run") all().run.record(seconds, about);
      if (kind === "migration") all().migration.record(seconds, about);
      if (kind === "lock") all().lock.record(seconds, about);
      if (kind === "statement") all().statement.record(seconds, about);
      if (kind === "batch") countRows(all(), about, (facts as { result?: unknown }).result);
    },
    hear(event) {
      if (event.type === "blocked" && event.nextInMs !== undefined)
        all().retries.add(1, {
          "slipway.repo": event.migration.repo,
          "slipway.reason": event.reason,
        });
      if (event.type === "backfill_progress")
        all().rowsLeft.record(
          Math.max(0, event.rowsExpected - event.rowsSeen),
          migrationAttributes(event.migration),
        );
    },
    hearLag({ replica, lagMs }) {
      all().lag.record(lagMs / 1000, { "slipway.replica": replica });
    },
  };
}

/** Few values each, so that a metric has few rows. */
function attributesOf(kind: string, given: object): Attributes {
  const facts = given as { readonly [fact: string]: string };
  switch (kind) {
    case "run":
      return { "slipway.app": facts.app, "slipway.does": facts.does };
    case "migration":
      return { "slipway.repo": facts.repo, "slipway.direction": facts.direction };
    case "statement":
      return databaseAttributes(facts.target ?? "");
    case "batch": {
      const { repo = "", version = "", name = "" } = facts;
      return migrationAttributes({ repo, version: version as never, name });
    }
    default:
      return { "slipway.repo": facts.repo };
  }
}

type Instruments = {
  readonly run: Histogram;
  readonly migration: Histogram;
  readonly lock: Histogram;
  readonly statement: Histogram;
  readonly retries: Counter;
  readonly rows: Counter;
  readonly changed: Counter;
  readonly dead: Counter;
  readonly rowsLeft: Gauge;
  readonly lag: Gauge;
};

/** Bounds in seconds: a statement may take a millisecond, and a run a day. */
const bounds = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400];

function instruments(meter: Meter): Instruments {
  const seconds = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: bounds },
    });
  const rows = (name: string, description: string) =>
    meter.createCounter(name, { description, unit: "{row}" });
  return {
    run: seconds("slipway.run.duration", "How long runs took"),
    migration: seconds("slipway.migration.duration", "How long migrations took"),
    lock: seconds("slipway.lock.wait.duration", "How long runs waited for the migration lock"),
    statement: seconds("db.client.operation.duration", "Duration of database client operations"),
    retries: meter.createCounter("slipway.retries", {
      description: "Tries that ended because others were in the way, and were made again",
      unit: "{retry}",
    }),
    rows: rows("slipway.backfill.rows", "Rows that batches have looked at"),
    changed: rows("slipway.backfill.rows.changed", "Rows that batches have changed"),
    dead: rows("slipway.backfill.rows.dead", "Rows that failed by themselves and were set aside"),
    rowsLeft: meter.createGauge("slipway.backfill.rows.left", {
      description: "Rows that a backfill has still to look at, by the statistics of the table",
      unit: "{row}",
    }),
    lag: meter.createGauge("slipway.replication.lag", {
      description: "How far a replica is behind, where the throttle of a backfill asks",
      unit: "s",
    }),
  };
}

function countRows(all: Instruments, about: Attributes, result: unknown): void {
  const { kind, rows, changed, dead } = (result ?? {}) as { readonly [fact: string]: unknown };
  if (kind !== "worked") return;
  all.rows.add(Number(rows), about);
  all.changed.add(Number(changed), about);
  all.dead.add(Number(dead), about);
}
