/** A new tenant as a copy of those that are up to date: one message, whatever the number of migrations behind it. */
import type { Session } from "../../adapters/adapter.ts";
import type { SchemaCatalog } from "../../core/catalog/catalog.ts";
import type { CatalogAccess } from "../../core/catalog/catalog-access.ts";
import { schemaOf } from "../../core/catalog/table-of.ts";
import { plain } from "../../core/model/statement.ts";
import type { Step } from "../../core/plan/step.ts";
import type { StoredAction } from "../../core/plan/stored-plan-data.ts";
import { movedSchema } from "../../core/sql/moved-schema.ts";
import { splitStatements } from "../../core/sql/statements.ts";
import { leavesNothing } from "../../engine/opaque-step.ts";
import { copiedRows, keptActions } from "../../fleet/copied-rows.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import { readTenants, type TenantState, untouched } from "../../fleet/registry.ts";
import { type CompiledGroup, compileGroup } from "../../fleet/tenant-group.ts";
import { statementFor } from "../../fleet/tenant-text.ts";

type Wanted = {
  readonly tenant: string;
  /** The key of those that are up to date. */
  readonly current: string;
  readonly states: ReadonlyMap<string, TenantState>;
  /** All migrations, compiled: asked for only where nobody kept what ran on the others. */
  readonly compiled: () => Promise<CompiledGroup>;
};

/**
 * Whether it was made so: from what two tenants that are up to date have alike, and proved equal before it is committed.
 * `false`: nothing is there of it, and the migrations are to make it.
 */
export async function copyTenant(
  session: Session,
  { tenant, compiled, current, states }: Wanted,
  context: FleetContext,
): Promise<boolean> {
  const access = await session.dialect.catalog?.();
  const alike = upToDate(states, current);
  if (access?.within === undefined || alike.length < 2) return false;
  const at = { session, access, tenant };
  const record = await recordOf(alike[0]!, compiled, { session, context });
  if (record === undefined) return false;
  const statements = await statementsOf(alike, at);
  if (statements === undefined) return false;
  const now = await readTenants(session, context.tables);
  if (alike.some((one) => now.get(one)?.versions !== current)) return false;
  return sendProved(statements, at, { record, context });
}

/** The part of the transaction that is not the schema's: it claims the tenant, and writes its history. */
type CopyRecord = Pick<CompiledGroup, "before" | "limits" | "claim" | "rows">;

/** By what ran on a tenant that is up to date, or by all migrations; `undefined` where it is more than a schema. */
async function recordOf(
  like: string,
  compiled: Wanted["compiled"],
  { session, context }: { readonly session: Session; readonly context: FleetContext },
): Promise<CopyRecord | undefined> {
  const kept = await keptActions(session, context.tables, like);
  if (kept === undefined) {
    const all = await compiled();
    return all.group.steps.every(isSchemaOnly) ? all : undefined;
  }
  if (!kept.every(isKeptSchema)) return undefined;
  const { dialect } = session;
  const { versions } = untouched;
  const empty = { direction: "up", versions, has: [], steps: [] } as const;
  const claimed = compileGroup(empty, { dialect, quarantined: true }, context);
  return { ...claimed, rows: copiedRows(like, context, dialect) };
}

type At = {
  readonly session: Session;
  readonly access: CatalogAccess;
  readonly tenant: string;
};

/** The longest names first: they are the least likely to stand in a text that means something else. */
function upToDate(states: ReadonlyMap<string, TenantState>, current: string): readonly string[] {
  return [...states]
    .filter(([, { versions, quarantined }]) => versions === current && !quarantined)
    .map(([name]) => name)
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .slice(0, 2);
}

/** Rows, rights, owners and positions of sequences are in no catalog, and nobody knows the effect of code. */
function isSchemaOnly({ actions }: Step): boolean {
  return actions.every(
    (action) =>
      action.kind === "statements" && action.statements.every(({ sql }) => areDefinitions(sql)),
  );
}

function isKeptSchema(action: StoredAction): boolean {
  return "statements" in action && action.statements.every(({ sql }) => areDefinitions(sql));
}

function areDefinitions(sql: string): boolean {
  // Most are one statement, and need no lexer.
  const all = sql.includes(";") ? splitStatements(sql, "postgres") : [{ sql }];
  return all.every((one) => isDefinition(one.sql));
}

function isDefinition(sql: string): boolean {
  return (leavesNothing(sql) || definition.test(sql)) && !elsewhere.test(sql);
}

const definition =
  /^\s*(--[^\n]*\n\s*)*(CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE|VIEW|TRIGGER|SEQUENCE|DOMAIN|TYPE)|ALTER\s+(SEQUENCE|TYPE|INDEX|VIEW|DOMAIN)|DROP\s+(FUNCTION|PROCEDURE|TRIGGER|SEQUENCE|DOMAIN))\b/i;

const elsewhere = /\bOWNER\s+TO\b|\bTABLESPACE\b|\bRESTART\b/i;

type Texts = {
  /** In an order in which they run. */
  readonly statements: readonly string[];
};

/**
 * The statements that make the schema under the name of the new tenant; `undefined` where the two
 * differ, or a name is in doubt.
 */
async function statementsOf(
  [first, second]: readonly string[],
  { session, access, tenant }: At,
): Promise<readonly string[] | undefined> {
  const query = (sql: string) => session.query(sql);
  const whole = await access.within!(first!).read(query);
  const others = await access.within!(second!).facts(query, Number.POSITIVE_INFINITY);
  const made = textsOf(whole, first!, { session, access, tenant });
  const other = others && textsOf(others, second!, { session, access, tenant });
  if (made === undefined || other === undefined) return undefined;
  if (areSame(made, other)) return made.statements;
  // What needs what can change how a statement is written.
  const same = textsOf(withoutNeeds(whole), first!, { session, access, tenant });
  return same !== undefined && areSame(same, other) ? made.statements : undefined;
}

/** Sends the schema, its history and its row in one message, and reads the result before the commit. */
async function sendProved(
  statements: readonly string[],
  { session, access, tenant }: At,
  { record, context }: { readonly record: CopyRecord; readonly context: FleetContext },
): Promise<boolean> {
  const { dialect } = session;
  const name = dialect.literal(tenant);
  const settings = access.settings.map((sql) => sql.replace(/^SET /, "SET LOCAL "));
  try {
    await session.execute([
      ...[...record.before, ...record.limits, plain(context.sql.create(tenant))],
      ...[record.claim, ...record.rows].map((text) => statementFor(text, name)),
      ...[...settings, ...statements].map(plain),
    ]);
    const query = (sql: string) => session.query(sql);
    const made = await access.within!(tenant).facts(query, Number.POSITIVE_INFINITY);
    const texts = made && textsOf(made, tenant, { session, access, tenant });
    const isProved = texts !== undefined && areSame(texts, { statements });
    await session.execute([plain(isProved ? dialect.commit : dialect.rollback)]);
    return isProved;
  } catch (error) {
    const { signal } = context.edge;
    if (signal.aborted || session.errorKind(error) === "connection_lost") throw error;
    // If something is wrong, the migrations will say so.
    await session.execute([plain(dialect.rollback)]).catch(() => undefined);
    return false;
  }
}

function textsOf(
  catalog: SchemaCatalog,
  schema: string,
  { session, access, tenant }: At,
): Texts | undefined {
  const objects = catalog.objects.filter(
    (object) => schemaOf(object) === schema && object.kind !== "schema",
  );
  const { statements, leftOut } = access.write({ objects, leftOut: [] });
  const leftHere = catalog.leftOut.some((name) => name.includes(schema));
  if (leftHere || leftOut.length > 0) return undefined;
  const move = { from: schema, quoted: session.dialect.quote(tenant) };
  const moved = statements.map((sql) => movedSchema(sql, move));
  return moved.every((one) => one !== undefined) ? { statements: moved } : undefined;
}

/** As a catalog is that was read for a comparison. */
function withoutNeeds({ objects, leftOut }: SchemaCatalog): SchemaCatalog {
  const text = JSON.stringify(objects, (key, value) => (key === "needs" ? [] : value));
  return { objects: JSON.parse(text) as SchemaCatalog["objects"], leftOut };
}

function areSame(one: Texts, other: Texts): boolean {
  return one.statements.toSorted().join("\0") === other.statements.toSorted().join("\0");
}
