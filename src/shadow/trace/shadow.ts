/** A database to try migrations on, which is gone afterwards. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter } from "../../adapters/adapter.ts";
import { importDriver } from "../../adapters/import-driver.ts";
import { mysql } from "../../adapters/mysql/index.ts";
import { pglite } from "../../adapters/pglite/index.ts";
import { postgres } from "../../adapters/postgres/index.ts";
import { sqlite } from "../../adapters/sqlite/index.ts";
import { openEmptyPglite } from "./empty-pglite.ts";
import { withDatabase } from "./with-database.ts";

export type Shadow = {
  readonly adapter: Adapter;
  /** Whether a second connection can look while a statement runs. */
  readonly canBeWatched: boolean;
  /** Empties it, as if it were new. */
  renew(): Promise<void>;
  dispose(): Promise<void>;
};

export type ShadowKind = "postgres" | "sqlite" | "mysql";

export type ShadowOptions = {
  readonly kind: ShadowKind;
  /**
   * A server, where the shadow is a separate database. Default: a PGlite in memory; for MySQL there
   * is none.
   */
  readonly url?: string | undefined;
  /** The extensions that PGlite is to have at hand. */
  readonly extensions: readonly string[];
  /** SQL that it begins with. Default: none. */
  readonly sql?: string | undefined;
};

/** @throws {ConnectionFailed} @throws {ReleaseError} `driver_missing` */
export async function openShadow(options: ShadowOptions): Promise<Shadow> {
  const { sql = "" } = options;
  const shadow = await make(options);
  const begin = async () => {
    if (sql !== "") await runOn(shadow.adapter, sql);
  };
  try {
    await begin();
  } catch (error) {
    await shadow.dispose();
    throw error;
  }
  return {
    get adapter() {
      return shadow.adapter;
    },
    canBeWatched: shadow.canBeWatched,
    renew: async () => {
      await shadow.renew();
      await begin();
    },
    dispose: () => shadow.dispose(),
  };
}

function make({ kind, url, extensions }: ShadowOptions): Promise<Shadow> {
  if (kind === "sqlite") return onSqlite();
  if (url !== undefined) return onServer(kind === "postgres" ? postgres : mysql, url);
  if (kind === "postgres") return onPglite(extensions);
  throw new Error("a shadow of MySQL needs a server");
}

/** Opens a file in a temporary folder. */
async function onSqlite(): Promise<Shadow> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-shadow-"));
  const adapter = sqlite({ path: join(folder, "shadow.db") });
  return {
    adapter,
    canBeWatched: false,
    renew: async () => void (await adapter.storage?.drop()),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

async function runOn(adapter: Adapter, sql: string): Promise<void> {
  const session = await adapter.open({ role: "work", application: "slipway shadow" });
  try {
    const statements = session.dialect.splitStatements(sql);
    await session.execute(
      statements.map(({ sql, stdin }) => ({ sql, stdin, policy: { kind: "plain" } })),
    );
  } finally {
    await session.close();
  }
}

async function onServer(
  adapterAt: (options: { readonly url: string }) => Adapter,
  url: string,
): Promise<Shadow> {
  const make = async () => {
    const name = `slipway_shadow_${randomBytes(6).toString("hex")}`;
    const adapter = adapterAt({ url: withDatabase(url, name) });
    await adapter.storage?.create();
    return adapter;
  };
  let adapter = await make();
  const drop = async () => void (await adapter.storage?.drop({ force: true }));
  return {
    get adapter() {
      return adapter;
    },
    canBeWatched: true,
    renew: async () => {
      await drop();
      adapter = await make();
    },
    dispose: drop,
  };
}

async function onPglite(extensions: readonly string[]): Promise<Shadow> {
  const { PGlite } = await importDriver(() => import("@electric-sql/pglite"), {
    driver: "@electric-sql/pglite",
    adapter: "pglite",
    needs: "a database in memory to try migrations on",
    instead: "name a server for it: --shadow postgres://user:password@host",
  });
  const loaded = await loadExtensions(extensions);
  const make = () => openEmptyPglite(PGlite, loaded);
  let client = await make();
  return {
    get adapter() {
      return pglite({ client });
    },
    canBeWatched: false,
    renew: async () => {
      await client.close();
      client = await make();
    },
    dispose: () => client.close(),
  };
}

/** PGlite has an extension only when it is given one at its start. Those that it does not know fail when they are created. */
async function loadExtensions(names: readonly string[]) {
  const found = await Promise.all(
    names.map(async (name) => {
      const file = name.replaceAll("-", "_");
      const path = `@electric-sql/pglite/contrib/${file}`;
      try {
        const module = (await import(/* @vite-ignore */ path)) as {
          readonly [name: string]: object;
        };
        return [[file, module[file]] as const];
      } catch {
        return [];
      }
    }),
  );
  return Object.fromEntries(found.flat()) as { [name: string]: never };
}
