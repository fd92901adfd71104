/**
 * Describes each kind of work as a span: its name and attributes when it begins, and those that it
 * gets at its end.
 */
import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { MigrationRef } from "../engine/events.ts";
import type { TracedWork } from "../engine/traced.ts";
import { type QueryText, statementSpan } from "./statement.ts";

export type SpanFacts = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
};

type Makers = { readonly [Kind in keyof TracedWork]: (facts: TracedWork[Kind]) => SpanFacts };

/** How each kind of work begins. */
export function spanMakers({ queryText }: { readonly queryText: QueryText }): Makers {
  return {
    run: ({ app, release, runId, does }) =>
      internal(`slipway ${does}`, {
        "slipway.app": app,
        "slipway.release": release,
        "slipway.run.id": runId,
      }),
    repo: ({ repo, direction, steps }) =>
      internal(`repo ${repo}`, {
        "slipway.repo": repo,
        "slipway.direction": direction,
        "slipway.migrations": steps,
      }),
    migration: (facts) =>
      internal(`migration ${facts.version} ${facts.name}`, {
        ...migrationAttributes(facts),
        "slipway.direction": facts.direction,
      }),
    tenant: ({ repo, tenant, direction, steps }) =>
      internal(`tenant ${tenant}`, {
        "slipway.repo": repo,
        "slipway.tenant": tenant,
        "slipway.direction": direction,
        "slipway.migrations": steps,
      }),
    backfill: (facts) =>
      internal(`backfill ${facts.version} ${facts.name}`, migrationAttributes(facts)),
    batch: (facts) => internal("batch", migrationAttributes(facts)),
    lock: ({ repo }) => internal("migration lock", { "slipway.repo": repo }),
    attempt: ({ attempt, ...facts }) =>
      internal(attempt === 1 ? "try" : "retry", {
        ...migrationAttributes(facts),
        "slipway.attempt": attempt,
      }),
    statement: (facts) => ({ kind: SpanKind.CLIENT, ...statementSpan(facts, queryText) }),
  };
}

function internal(
  name: string,
  given: { readonly [attribute: string]: string | number | undefined },
): SpanFacts {
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  const attributes = Object.fromEntries(known) as Attributes;
  return { name, kind: SpanKind.INTERNAL, attributes };
}

/** Which migration something is about. */
export function migrationAttributes({ repo, version, name }: MigrationRef) {
  return {
    "slipway.repo": repo,
    "slipway.migration.version": version,
    "slipway.migration.name": name,
  };
}

/** The result of a batch, as attributes. */
export function batchResult(result: unknown): Attributes {
  const { kind, rows, changed, dead } = (result ?? {}) as {
    readonly [fact: string]: unknown;
  };
  if (kind !== "worked") return { "slipway.batch.result": String(kind) };
  return {
    "slipway.batch.rows": Number(rows),
    "slipway.batch.rows.changed": Number(changed),
    "slipway.batch.rows.dead": Number(dead),
  };
}
