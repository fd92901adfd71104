/**
 * Slipway's modules that a bundle does not use, and their replacements. They are imported only on
 * use.
 */
import { moduleNames } from "./entry-text.ts";
import type { Needs } from "./needs.ts";

/** Modules that a release replaces or cannot have: the text by the name of the module. */
const everywhere = {
  // The verdicts of the rules are taken when a release is built: neither rules nor a parser are in it.
  "judge-now": "export const judgeNow = async () => undefined;",
  "shared-now": "export const sharedNow = async () => [];",
  "safer-now": "export const saferNow = async () => new Map();",
  sized: `export const sized = async (found) =>
  found.map(({ origin, line, rule, message }) => ({ origin, line, rule, message }));
`,
};

const inApp = {
  ...everywhere,
  // The app of a release reads and makes no schemas: its command line does.
  "dump-schema": `export function dumpRepo() {
  throw new Error("the app of a built release does not read schemas: run the command dump");
}
`,
  "load-schema": `export function loadRepo() {
  throw new Error("the app of a built release loads no schema: run the command load");
}
`,
};

/** The readers of schemas lie beside the command line, and load when it reads a schema. */
const catalogReaders = {
  postgres: {
    module: "postgres-catalog",
    access: "postgresCatalog",
    schema: "postgresSchema",
    reader: "postgresReader",
  },
  mysql: {
    module: "mysql-catalog-access",
    access: "mysqlCatalogAccess",
    schema: "mysqlCatalogAccess",
    reader: "mysqlReader",
  },
  sqlite: {
    module: "sqlite-catalog-access",
    access: "sqliteCatalogAccess",
    schema: "sqliteCatalogAccess",
    reader: "sqliteReader",
  },
} as const;

/** All that reads the schemas of databases with these rules of SQL. */
export function catalogModule(syntaxes: readonly string[]): string {
  return Object.entries(catalogReaders)
    .filter(([syntax]) => syntaxes.includes(syntax))
    .map(([, { module, reader }]) => `export { ${reader} } from "slipway:chunk/${module}";\n`)
    .join("");
}

const readersBeside = Object.fromEntries(
  Object.values(catalogReaders).map(({ module, access, schema, reader }) => [
    module,
    `const whole = () => require("${moduleNames.schema}").${schema};
export const ${access} = {
  facts: (query, upTo) => require("${moduleNames.catalog}").${reader}.facts(query, upTo),
  read: (query) => whole().read(query),
  within: (schema) => whole().within?.(schema),
  write: (catalog) => whole().write(catalog),
  get rights() { return whole().rights; },
  get settings() { return whole().settings; },
};
`,
  ]),
);

/** A module with the whole reader, which writes schemas down and loads them. */
export function schemaModule(syntaxes: readonly string[]): string {
  return Object.entries(catalogReaders)
    .filter(([syntax]) => syntaxes.includes(syntax))
    .map(([, { module, schema }]) => `export { ${schema} } from "slipway:chunk/${module}";\n`)
    .join("");
}

const inCommandLine = {
  ...everywhere,
  ...readersBeside,
  rebuilt: `import { ReleaseError } from "slipway";
export function compareRebuilt() {
  throw new ReleaseError("usage_invalid", {
    reason: "a built release has no shadow to run its migrations on",
    hint: "Run verify --schema --rebuild from the sources, with the address of the database.",
  });
}
`,
  // The migrations are inside, and a module in a folder would find no package beside it.
  "folder-source": `import { ReleaseError } from "slipway";
export function folderSource(folders) {
  const expected = "readable here: a built release has its migrations inside";
  throw new ReleaseError("option_invalid", { option: "migrationsPath", value: String(folders), expected });
}
`,
  // A shadow is for sources.
  "plan-trace": `export function tracedPlans() {
  throw new Error("a built release tries nothing on a shadow: run plan --trace from the sources, with the address of the database");
}
`,
  // The release carries the inventory that was taken when it was built.
  inventory: `export function takeInventory() {
  throw new Error("a built release has its inventory in its manifest.json: ask the sources for more");
}
`,
  // Only findings need them, and a release has none.
  "table-sizes": `export function readTableSizes() {
  throw new Error("a built release does not judge its migrations: ask the sources for tableSizes");
}
`,
  "check-adopt": `export function checkAdopt() {
  throw new Error("a built release does not know other tools: run adopt from the sources, with the address of the database");
}
`,
  "find-histories": `import { findBySigns, tablesOf } from "slipway:built/by-signs";
const signs = () => require("${moduleNames.histories}");
export const findHistories = (present, named) => findBySigns(signs(), present, named);
export const tablesToLookFor = () => tablesOf(signs());
`,
  adopt: "export const adopt = undefined;",
  "adopt-tenants": "export const adoptTenants = undefined;",
  "adopt-back": "export const adoptBack = undefined;",
  "listen-for": `export function listenFor() {
  throw new Error("only the app listens: call it in the module that starts the app");
}
`,
};

/** The plans of the migrations are in the release, and nothing is left to compile. */
const inPlanned = {
  prepare: 'export { meaningOf, prepare } from "slipway:built/prepare";\n',
  "phased-migration": 'export { phasedMigration } from "slipway:built/prepare";\n',
  // Of a repo with safe: "auto" nothing is compiled before.
  safer: "export const saferSteps = async (steps) => steps;",
  "map-source": `import { ReleaseError } from "slipway";
export function mapSource() {
  const expected = "those of the release: build it with --keep-compiler to give it others";
  throw new ReleaseError("option_invalid", { option: "manifest", value: "other migrations", expected });
}
`,
};

const withoutTenantData = {
  "many-data": "export const migrateDataOfTenants = async () => ({});\n",
  "tenant-data-status":
    "export const readTenantData = async () => undefined;\nexport const tenantDataLines = () => [];\nexport const pendingTenantData = async () => 0;\n",
  "plan-tenant-data": "export const planTenantData = async () => undefined;\n",
};

const withoutBackfills = {
  ...withoutTenantData,
  "backfill-commands": `import { ReleaseError } from "slipway";
const refuse = async () => {
  throw new ReleaseError("backfills_left_out", {});
};
export const backfillCommands = () => new Proxy({}, { get: () => refuse });
`,
  report: "export const readReports = async () => [];",
  "backfill-step": `export function carryOutBackfill() {
  throw new Error("no migration of this release is a backfill");
}
`,
};

const noTenants = (names: readonly string[]) =>
  names.map((name) => `export const ${name} = undefined;\n`).join("");

/** No repo has tenants, so nothing imports these. */
const withoutTenants = {
  ...withoutTenantData,
  "tenant-backfills": `${noTenants(["changeAllPaces", "changeAllStates", "detailsOfAll", "retryTenants"])}
export const isToldToAll = () => false;
export const workOnTenants = async () => undefined;
`,
  "tenant-report": noTenants(["readTenantReports"]),
  "many-tenants": noTenants(["prepareMany", "prepareOneOfMany", "migrateMany"]),
  "prepare-tenants": noTenants(["prepareOne"]),
  "migrate-places": noTenants(["preparePlaces", "migratePlaces"]),
  "look-at-places": noTenants(["readPlacesStatus", "repoOfTenant"]),
  "migrate-tenants": noTenants(["migrateTenants"]),
  "rollback-tenants": noTenants(["rollbackTenants"]),
  "create-tenant": noTenants(["createTenant", "dropTenant"]),
  "tenant-history": noTenants(["readTenantHistoryOf"]),
  "plan-tenants": noTenants(["planTenants"]),
  "plan-places": noTenants(["planPlaces"]),
  "adopt-tenants": noTenants(["adoptTenants"]),
  "tenant-readiness": noTenants(["lookAtTenants"]),
  "tenant-status": noTenants(["readTenantsStatus", "tenantsText"]),
  "tenant-sql": noTenants(["tenantSql"]),
  "fleet-lines": noTenants(["fleetLine"]),
  "fleet-flags": `export const [fleetFlags, tenantStatusFlags, tenantFlag, tenantsBackFlags] = [{}, {}, {}, {}];
export const [tenantDataFlags, tenantRunFlag] = [{}, {}];
export const [fleetOptions, tenantsBack] = [() => ({}), () => ({})];
`,
  "tenant-options": `const kind = { words: "false", holds: (value) => value === false };
export const tenantsOption = kind;
export const rolledBackTenants = kind;
export const wrongTenants = () => [];
export const tenantsKind = kind;
`,
};

/** No file is sent while it is read. */
const withoutLarge = { "send-file": "export const sendFile = undefined;\n" };

/** Nothing was found, so nothing is weighed. */
const withoutFindings = {
  believed: "export const believed = async (found) => ({ left: found, warnings: [] });\n",
  "let-through": "export const letThrough = async (found) => ({ left: found, warnings: [] });\n",
};

/** Nothing takes long, so nothing is foretold. */
const withoutHeavy = {
  forecast: 'export const forecastWords = () => "";\n',
  forecasts: "export const forecastsOf = async () => new Map();\n",
  "work-note": `export const workNote = () => undefined;
export const rangeOf = () => undefined;
export const measuredIn = () => [];
`,
};

export type StandInOptions = {
  readonly format: "cjs" | "esm";
  /** The parts of Slipway that the release needs. Default: all of it. */
  readonly needs?: Needs | undefined;
};

/**
 * The text that replaces a module of this package, by its file, which a compiler may have given a
 * hash.
 */
export function standIn(path: string, { format, needs }: StandInOptions): string | undefined {
  const [, name = ""] = /([\w-]+?)(?:-[0-9A-Z]{8})?\.[jt]s$/.exec(path) ?? [];
  const all: { readonly [name: string]: string } = {
    ...(format === "cjs" ? inCommandLine : inApp),
    ...(needs?.planned === undefined ? {} : inPlanned),
    ...(needs?.backfills === false ? withoutBackfills : {}),
    ...(needs?.tenants === false ? withoutTenants : {}),
    ...(needs?.large === false ? withoutLarge : {}),
    ...(needs?.findings === false ? withoutFindings : {}),
    ...(needs?.heavy === false ? withoutHeavy : {}),
  };
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
