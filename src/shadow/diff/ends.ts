/** The two ends of a difference, each from a database that Slipway removes afterwards, or only reads. */
import { existsSync } from "node:fs";
import {
  type Adapter,
  ConnectionFailed,
  type Session,
  StatementFailed,
} from "../../adapters/adapter.ts";
import type { SchemaCatalog, SchemaObject } from "../../core/catalog/catalog.ts";
import type { CatalogAccess } from "../../core/catalog/catalog-access.ts";
import { withoutVersions } from "../../core/difference/extension-version.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { plain } from "../../core/model/statement.ts";
import type { Release } from "../../release/release.ts";
import { extensionsIn, extensionsNamed } from "../trace/extensions.ts";
import { openShadow, type Shadow, type ShadowKind } from "../trace/shadow.ts";
import { withSession } from "../with-session.ts";
import { comparisonOf, fileOf } from "./kind.ts";

/** The SQL of a wished schema, and how it is called. */
export type WishedSql = { readonly path: string; readonly sql: string };

export type EndOptions = {
  readonly repo: string;
  readonly kind: ShadowKind;
  readonly shadowUrl?: string | undefined;
  readonly shadowSql?: string | undefined;
};

/** A shadow with everything that the migrations make, for callers that continue from there. */
export type Beginning = { readonly shadow: Shadow; readonly catalog: SchemaCatalog };

/**
 * The schema that the release's migrations make on an empty database. The caller disposes of the
 * shadow.
 */
export async function ofMigrations(release: Release, options: EndOptions): Promise<Beginning> {
  const { repo } = options;
  const inventory = (await release.inventory()).find((one) => one.repo === repo);
  const migrations = inventory?.migrations ?? [];
  return begun(options, extensionsIn(migrations), async ({ adapter }) => {
    await onShadow(release, repo, adapter).migrate({ repo, tenants: false });
  });
}

/** A shadow with the schema of a database that is only read. */
export async function ofDatabase(
  release: Release,
  url: string,
  options: EndOptions,
): Promise<Beginning> {
  const { repo } = options;
  const ours = await ourObjects(release, options);
  // The shadow may be another server, which has other versions.
  const catalog = withoutVersions(withoutThese(await ofUrl(url, options), ours));
  const extensions = catalog.objects.map(({ id }) => id).join("\n");
  return begun(options, extensionsNamed(extensions), async ({ adapter }) => {
    await withSession(adapter, "diff", async (session) => {
      const access = await accessOf(session);
      const { statements } = access.write(catalog);
      const sqls = [...access.settings, ...statements, ...session.dialect.clearSession];
      await session.execute(sqls.map(plain));
    });
    const last = (await release.inventory())
      .find((one) => one.repo === repo)
      ?.migrations.at(-1)?.file;
    if (last !== undefined)
      await onShadow(release, repo, adapter).baseline(repo, { at: BigInt(last.version) });
  });
}

async function begun(
  { kind, shadowUrl: url, shadowSql: sql }: EndOptions,
  extensions: readonly string[],
  make: (shadow: Shadow) => Promise<void>,
): Promise<Beginning> {
  const shadow = await openShadow({ kind, url, sql, extensions });
  try {
    await make(shadow);
    return { shadow, catalog: await readFrom(shadow.adapter) };
  } catch (error) {
    await shadow.dispose();
    throw error;
  }
}

/** The first words of each kind's dump, which nobody writes by hand. */
const dumps: { readonly [kind in ShadowKind]: readonly [name: string, sign: RegExp] } = {
  postgres: [
    "PostgreSQL",
    /^-- PostgreSQL database dump|^SELECT pg_catalog\.set_config\('search_path'/m,
  ],
  mysql: ["MariaDB or MySQL", /^-- (MySQL|MariaDB) dump|^\) ENGINE=\w+/m],
  sqlite: ["SQLite", /^PRAGMA foreign_keys=OFF;\s+BEGIN TRANSACTION;/m],
};

function otherDump(sql: string, own: ShadowKind): string | undefined {
  const kinds: readonly ShadowKind[] = ["postgres", "mysql", "sqlite"];
  const found = kinds.find((kind) => kind !== own && dumps[kind][1].test(sql));
  return found === undefined ? undefined : dumps[found][0];
}

/**
 * The schema that a text makes on an empty database. @throws {ReleaseError} `load_failed`,
 * `diff_extension_missing`
 */
export async function ofSql(
  { path, sql }: WishedSql,
  { repo, kind, shadowUrl: url, shadowSql }: EndOptions,
): Promise<SchemaCatalog> {
  const of = otherDump(sql, kind);
  if (of !== undefined) throw new DevelopmentError("diff_other_dump", { repo, path, of });
  const extensions = extensionsNamed(sql);
  const shadow = await openShadow({ kind, url, sql: shadowSql, extensions });
  try {
    await withSession(shadow.adapter, "diff", (session) => load(session, { repo, path, sql }));
    return await readFrom(shadow.adapter);
  } finally {
    await shadow.dispose();
  }
}

/** The schema of a database that is only read. @throws {ReleaseError} `connection_failed` */
export async function ofUrl(url: string, { repo, kind }: EndOptions): Promise<SchemaCatalog> {
  const adapter = comparisonOf(kind).at(url);
  if (kind === "sqlite" && !existsSync(fileOf(url))) {
    const details = {
      target: adapter.describe(),
      reason: "there is no such file",
      hint: "Name the file of the database.",
    };
    throw new ReleaseError("connection_failed", { repo, ...details });
  }
  try {
    const catalog = await readFrom(adapter);
    const hidden = kind === "mysql" ? catalog.leftOut : [];
    if (hidden.length === 0) return catalog;
    const details = {
      repo,
      target: adapter.describe(),
      reason: `this user is not shown ${hidden.join(", ")}`,
    };
    throw new DevelopmentError("diff_unreadable", details);
  } catch (error) {
    if (isOfServer(error)) {
      const details = { repo, target: adapter.describe(), reason: error.message };
      throw new DevelopmentError("diff_unreadable", details, { cause: error });
    }
    if (!(error instanceof ConnectionFailed)) throw error;
    const details = { repo, target: adapter.describe(), reason: error.message, hint: error.hint };
    throw new ReleaseError("connection_failed", details, { cause: error });
  }
}

/** An error of a statement, as the driver gives it: with the SQLSTATE of the server. */
function isOfServer(error: unknown): error is Error {
  if (error instanceof StatementFailed) return true;
  if (!(error instanceof Error)) return false;
  return "sqlState" in error || ("code" in error && /^(?=.*\d)[0-9A-Z]{5}$/.test(`${error.code}`));
}

async function load(
  session: Session,
  { repo, path, sql }: WishedSql & { readonly repo: string },
): Promise<void> {
  const statements = session.dialect.splitStatements(sql);
  for (const { sql: statement, line, stdin } of statements) {
    try {
      const given = stdin === undefined ? {} : { stdin };
      await session.execute([{ ...plain(statement), ...given }]);
    } catch (error) {
      if (!(error instanceof StatementFailed)) throw error;
      const [, extension] = /extension "([^"]+)" is not available/.exec(error.message) ?? [];
      if (extension !== undefined)
        throw new DevelopmentError("diff_extension_missing", { repo, path, extension });
      throw new DevelopmentError(
        "load_failed",
        {
          ...{ repo, place: `${path}:${line}`, reason: error.message },
          statement: statement.replace(/\s+/g, " ").slice(0, 100),
        },
        { cause: error },
      );
    }
  }
}

/** The objects that Slipway makes for itself, by the ids of a catalog. */
export async function ourObjects(
  release: Release,
  { repo, kind, shadowUrl: url }: Pick<EndOptions, "repo" | "kind" | "shadowUrl">,
): Promise<ReadonlySet<string>> {
  const shadow = await openShadow({ kind, url, extensions: [] });
  try {
    const before = new Set((await readFrom(shadow.adapter)).objects.map(({ id }) => id));
    const nothing = { up: () => undefined, down: () => undefined };
    const empty = onShadow(release, repo, shadow.adapter).using({
      manifest: { [repo]: { migrations: { "0_slipway": nothing } } },
    });
    await empty.migrate({ repo, tenants: false });
    const { objects } = await readFrom(shadow.adapter);
    return new Set(objects.map(({ id }) => id).filter((id) => !before.has(id)));
  } finally {
    await shadow.dispose();
  }
}

const made = /[ .]slipway_(journal|events|lock|schema)(\b|_)/;

export function withoutThese(catalog: SchemaCatalog, ours: ReadonlySet<string>): SchemaCatalog {
  const isOurs = ({ id }: SchemaObject) => ours.has(id) || made.test(id);
  return { ...catalog, objects: catalog.objects.filter((object) => !isOurs(object)) };
}

export function onShadow(release: Release, repo: string, adapter: Adapter): Release {
  return release.using({
    adapters: { [repo]: adapter },
    emit: () => undefined,
    write: () => undefined,
    inUse: false,
  });
}

export function readFrom(adapter: Adapter): Promise<SchemaCatalog> {
  return withSession(adapter, "diff", async (session) => {
    const access = await accessOf(session);
    return access.read((sql) => session.query(sql));
  });
}

async function accessOf(session: Session): Promise<CatalogAccess> {
  const access = await session.dialect.catalog?.();
  if (access === undefined) throw new Error(`nobody reads a catalog of ${session.dialect.label}`);
  return access;
}
