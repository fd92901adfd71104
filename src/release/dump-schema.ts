/** Writes the schema of a database as SQL, with the rows of its histories. */
import type { Session } from "../adapters/adapter.ts";
import type { SchemaCatalog, SchemaObject } from "../core/catalog/catalog.ts";
import type { CatalogAccess } from "../core/catalog/catalog-access.ts";
import { schemaOf, tableOf } from "../core/catalog/table-of.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Named } from "../core/model/named.ts";
import { historyColumns } from "../engine/history-table.ts";
import { settingUp } from "../engine/set-up.ts";
import type { Repo } from "./config.ts";
import { historyNames } from "./elsewhere.ts";
import { openSession } from "./open.ts";
import { ownNames, tenantSchemas } from "./own-names.ts";
import { isRight, rightsOn } from "./rights.ts";
import type { RunWorld } from "./run-world.ts";
import { reading } from "./stoppable.ts";

/** The schema of one repo. */
export type SchemaDump = {
  readonly repo: string;
  /** The statements that make it, and the rows of its histories. */
  readonly sql: string;
  /** Objects that are there but cannot be written: `operator public.+`. */
  readonly leftOut: readonly string[];
};

export type DumpOptions = {
  /**
   * Also write grants, and the rights on objects that are made later (PostgreSQL). Default:
   * `false`.
   */
  readonly rights?: boolean | undefined;
};

/** @throws {ReleaseError} `dump_unsupported`, `setup_refused`; `connection_failed`, `interrupted` */
export async function dumpRepo(
  repo: Repo,
  { rights = false }: DumpOptions,
  world: RunWorld,
): Promise<SchemaDump> {
  const session = await openSession(repo, { role: "work", reads: "tell", ...world });
  try {
    return await reading(session, world, async () => {
      const access = await accessTo(session, repo);
      const catalog = await access.read((sql) => session.query(sql));
      const histories = [...historyNames(repo), repo.dataHistoryTable];
      const tenants = await tenantSchemas(repo, session, { name: repo.historyTable });
      const there = withoutOurs(catalog, { histories, tenants });
      const { statements, leftOut } = access.write(there);
      const granted = rights ? await rightsOn(session, there) : undefined;
      const rows = await historyRows(session, catalog, { repo: repo.name, histories });
      const parts = [
        header(repo, session),
        ...access.settings.map(ended),
        ...[...statements, ...(granted ?? [])].map(ended),
        ...rows,
      ];
      const named = granted === undefined ? leftOut : leftOut.filter((name) => !isRight(name));
      return { repo: repo.name, sql: parts.join("\n"), leftOut: named };
    });
  } finally {
    await session.close();
  }
}

/** @throws {ReleaseError} `dump_unsupported` */
export async function accessTo(session: Session, repo: Repo): Promise<CatalogAccess> {
  const access = await session.dialect.catalog?.();
  if (access !== undefined) return access;
  throw new ReleaseError("dump_unsupported", {
    repo: repo.name,
    database: session.dialect.label,
  });
}

function header(repo: Repo, { dialect }: Session): string {
  return `-- The schema of repo ${repo.name} on ${dialect.label}, written by slipway dump and read by slipway load.\n`;
}

function ended(statement: string): string {
  return `${statement};\n`;
}

type NotDumped = {
  readonly histories: readonly string[];
  readonly tenants: ReadonlySet<string>;
};

/**
 * Leaves out the journal, the events, the state of backfills and the tenants, which belong to this
 * database alone. The next database gets the histories.
 */
function withoutOurs(catalog: SchemaCatalog, { histories, tenants }: NotDumped): SchemaCatalog {
  const ours = ownNames(histories);
  for (const name of histories) ours.delete(name);
  const isOfAll = (object: SchemaObject) =>
    !ours.has(tableOf(object)) && !tenants.has(schemaOf(object) ?? "");
  return { ...catalog, objects: catalog.objects.filter(isOfAll) };
}

/**
 * Another database needs these columns to know which migrations it has. When and by whom is not of
 * the schema.
 */
const told = ["version", "name", "checksum", "meaning", "phase", "compatible_from", "migration_id"];

async function historyRows(
  session: Session,
  { objects }: SchemaCatalog,
  { repo, histories }: { readonly repo: string; readonly histories: readonly string[] },
): Promise<readonly string[]> {
  const tables = objects.flatMap((object) => {
    const named = nameOfTable(object);
    return named !== undefined && histories.includes(named.name) ? [{ object, named }] : [];
  });
  const parts: string[] = [];
  for (const { object, named } of tables) {
    const columns = told.filter((column) => has(object, column, session.dialect.quote(column)));
    // Another tool's table may have the name of ours. Ours and Ecto's say when it was.
    const isHistory = has(object, "inserted_at", session.dialect.quote("inserted_at"));
    if (isHistory && columns[0] === "version")
      parts.push(
        ...(await settingUp(session, { repo, tables: [named], doing: `read ${named.name}` }, () =>
          insertOf(session, named, columns),
        )),
      );
  }
  return parts;
}

function nameOfTable(object: SchemaObject): Named | undefined {
  if (object.kind === "table") return object.named;
  return object.kind === "written" && object.of === "table" ? object.table : undefined;
}

function has(object: SchemaObject, column: string, quoted: string): boolean {
  if (object.kind === "table") return object.columns.some(({ name }) => name === column);
  return object.kind === "written" && object.definition.includes(quoted);
}

async function insertOf(
  session: Session,
  table: Named,
  columns: readonly string[],
): Promise<readonly string[]> {
  const { dialect } = session;
  const list = columns.map((column) => dialect.quote(column));
  const texts = list.map((column) => `${dialect.castToText(column)} AS ${column}`);
  const into = dialect.quoteNamed(table);
  const rows = await session.query(
    `SELECT ${texts.join(", ")} FROM ${into} ORDER BY ${into}.${list[0]}`,
  );
  if (rows.length === 0) return [];
  const numbers = new Set(
    historyColumns.filter(({ type }) => type === "bigint").map(({ name }) => name),
  );
  const lines = rows.map((row) => {
    const values = columns.map((column) =>
      numbers.has(column) ? String(row[column]) : dialect.literal(row[column] ?? null),
    );
    return `  (${values.join(", ")})`;
  });
  return [`INSERT INTO ${into} (${list.join(", ")}) VALUES\n${lines.join(",\n")};\n`];
}
