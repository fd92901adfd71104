/**
 * Many migrations as one: the schema that they make on a shadow, written down, and proved on
 * another shadow.
 */
import type { Session } from "../adapters/adapter.ts";
import type { SchemaCatalog } from "../core/catalog/catalog.ts";
import { tableOf } from "../core/catalog/table-of.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { inputFromDigits, type Version } from "../core/model/migration.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import { rightsOn } from "../release/rights.ts";
import { madeRoles, rolesNow } from "./made-roles.ts";
import { extensionsIn } from "./trace/extensions.ts";
import { openShadow, type Shadow } from "./trace/shadow.ts";
import { stepUp } from "./trace/step-up.ts";
import { differences, lineDifferences, ownNames, wholeOf } from "./whole-schema.ts";
import { withSession } from "./with-session.ts";

export type SquashOptions = {
  readonly to: Version;
  /** A server for the shadows. Default: a PGlite in memory; for SQLite a file. */
  readonly url?: string;
  /** SQL that the shadows begin with. Default: none. */
  readonly sql?: string;
};

/** The schema that the migrations up to a version make, and the schema that all of them make. */
export type Squashed = {
  /** The statements, each with its semicolon. */
  readonly sql: string;
  readonly whole: SchemaCatalog;
  /** The grants that all migrations make. */
  readonly rights: readonly string[];
  /** Roles that the migrations make, and so do the statements, without passwords. */
  readonly roles: readonly string[];
  /** Tables in which the migrations up to the version leave rows, which are not in the statements. */
  readonly filled: readonly string[];
};

/** @throws {ReleaseError} the failure of a migration; `connection_failed`, `dump_unsupported` */
export async function squashed(
  release: Release,
  inventory: RepoInventory,
  { to, ...place }: SquashOptions,
): Promise<Squashed> {
  const own = await ownNames(release, inventory.repo);
  return onShadow(release, inventory, place, async (there, shadow) => {
    const before = await withSession(shadow.adapter, "squash", rolesNow);
    await up(there, inventory.repo, { to: inputFromDigits(to) });
    const made = await withSession(shadow.adapter, "squash", (session) =>
      written(session, { own, before }),
    );
    await up(there, inventory.repo);
    return { ...made, ...(await wholeNow(shadow, inventory.repo, own)) };
  });
}

/** How the schema that the release makes now differs from another one, as lines. Empty: it does not. */
export async function differsFrom(
  release: Release,
  inventory: RepoInventory,
  { whole, rights, ...place }: Omit<SquashOptions, "to"> & Pick<Squashed, "whole" | "rights">,
): Promise<readonly string[]> {
  const own = await ownNames(release, inventory.repo);
  const now = await onShadow(release, inventory, place, async (there, shadow) => {
    await up(there, inventory.repo);
    return wholeNow(shadow, inventory.repo, own);
  });
  return [...differences(whole, now.whole), ...lineDifferences(rights, now.rights)];
}

async function wholeNow(
  shadow: Shadow,
  repo: string,
  own: ReadonlySet<string>,
): Promise<Pick<Squashed, "whole" | "rights">> {
  return withSession(shadow.adapter, "squash", async (session) => {
    const whole = await wholeOf(session, repo, own);
    return { whole, rights: await rightsOn(session, whole) };
  });
}

async function onShadow<Result>(
  release: Release,
  inventory: RepoInventory,
  { url, sql }: Omit<SquashOptions, "to">,
  work: (release: Release, shadow: Shadow) => Promise<Result>,
): Promise<Result> {
  const extensions = extensionsIn(inventory.migrations);
  const shadow = await openShadow({ url, sql, kind: inventory.rules ?? "postgres", extensions });
  try {
    const there = release.using({
      adapters: { [inventory.repo]: shadow.adapter },
      emit: () => undefined,
      write: () => undefined,
      inUse: false,
    });
    return await work(there, shadow);
  } finally {
    await shadow.dispose();
  }
}

async function up(...given: Parameters<typeof stepUp>): Promise<void> {
  const failed = await stepUp(...given);
  if (failed !== undefined) throw failed;
}

/** @throws {ReleaseError} `dump_unsupported` */
async function written(
  session: Session,
  { own, before }: { readonly own: ReadonlySet<string>; readonly before: ReadonlySet<string> },
) {
  const access = await session.dialect.catalog?.();
  if (access === undefined)
    throw new ReleaseError("dump_unsupported", { repo: "", database: session.dialect.label });
  const catalog = await access.read((sql) => session.query(sql));
  const objects = catalog.objects.filter((object) => !own.has(tableOf(object)));
  const { statements } = access.write({ ...catalog, objects });
  const rights = await rightsOn(session, { objects });
  const made = await madeRoles(session, before);
  const all = [...made.statements, ...access.settings, ...statements, ...rights];
  const sql = all.map((statement) => `${statement};\n`).join("\n");
  return { sql, roles: made.roles, filled: await filledTables(session, objects) };
}

async function filledTables(
  session: Session,
  objects: SchemaCatalog["objects"],
): Promise<readonly string[]> {
  const { quoteNamed, literal } = session.dialect;
  const tables = objects.flatMap((object) =>
    object.kind === "table"
      ? [object.named]
      : object.kind === "written" && object.of === "table"
        ? [object.table]
        : [],
  );
  const queries = tables.map((table) => {
    const name = literal(table.prefix === undefined ? table.name : `${table.prefix}.${table.name}`);
    return `SELECT ${name} AS name WHERE EXISTS (SELECT 1 FROM ${quoteNamed(table)})`;
  });
  const filled: string[] = [];
  // SQLite takes no more than 500 parts at once.
  for (let i = 0; i < queries.length; i += 400) {
    const rows = await session.query(queries.slice(i, i + 400).join(" UNION ALL "));
    filled.push(...rows.map(({ name }) => String(name)));
  }
  return filled;
}
