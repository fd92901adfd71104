/** How many migrations are pending, for a metric of a running app. */
import { metrics, type ObservableResult } from "@opentelemetry/api";

/** The part of a release that this needs. */
export type AsksReadiness = {
  readiness(): Promise<readonly { readonly repo: string; readonly pending: readonly unknown[] }[]>;
};

/** The options of `watchPending`. */
export type WatchOptions = {
  /** How long an answer of the databases holds, in milliseconds. Default: 15000. */
  readonly cacheMs?: number;
};

/**
 * Adds the metric `slipway.migrations.pending` to the SDK that is started. A collection asks each database, on one
 * connection, no more often than `cacheMs`. A database that does not answer is left out of the metric.
 *
 * @returns the function that stops it
 */
export function watchPending(
  release: AsksReadiness,
  { cacheMs = 15_000 }: WatchOptions = {},
): { stop(): void } {
  const gauge = metrics.getMeter("slipway").createObservableGauge("slipway.migrations.pending", {
    description: "Migrations of this release that have not run on a repo",
    unit: "{migration}",
  });
  let asked: { readonly at: number; readonly answer: ReturnType<typeof release.readiness> } = {
    at: Number.NEGATIVE_INFINITY,
    answer: Promise.resolve([]),
  };
  const observe = async (result: ObservableResult) => {
    const now = performance.now();
    if (now - asked.at >= cacheMs) asked = { at: now, answer: release.readiness() };
    for (const { repo, pending } of await asked.answer.catch(() => []))
      result.observe(pending.length, { "slipway.repo": repo });
  };
  gauge.addCallback(observe);
  return { stop: () => gauge.removeCallback(observe) };
}
