/** Migrations that a program carries itself: no file is read, so a bundle can hold them. */
import type { BackfillDefinition } from "../../core/language/backfill-definition.ts";
import type { ForeignModules } from "../../core/language/foreign-modules.ts";
import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import { definitionFromSql } from "../../core/language/sql-migration.ts";
import { carriedFile } from "../../core/model/carried-file.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import { inOrder } from "../../core/plan/order.ts";
import type { SentBack } from "../../core/plan/step.ts";
import type { Verdict } from "../../core/safety/rules/verdict-data.ts";
import { checksum } from "../checksum.ts";
import { definitionOf } from "./definition-of.ts";
import {
  baselineName,
  isNamedBaseline,
  isNamedRepeatable,
  marked,
  migrationName,
  saysRepeatable,
} from "./migration-name.ts";
import type { Source, SqlSyntax } from "./source.ts";
import { unloadable } from "./unloadable.ts";

/** The SQL of a migration with a text for each direction. */
export type SqlPair = {
  readonly up?: string;
  readonly down?: string;
  /** Whether it runs in a transaction. Default: its texts decide. */
  readonly transaction?: boolean;
};

/** A definition, SQL text, or a function that gives one of them or a module: `() => import("./x.ts")`. */
export type MapValue =
  | MigrationDefinition
  | BackfillDefinition
  | SqlPair
  | string
  | (() => unknown);

/** A migration with its identity: `20210718153339_create_posts`, with or without folders before and an ending behind. */
export type MapEntry = ({ readonly id: string } | MigrationFile) & {
  readonly load: MapValue;
  /** Text by path, for `m.executeFile`, or what gives it when the migration is loaded. Default: there are no files. */
  readonly files?: MapFiles | (() => Promise<MapFiles>);
  /** `kind:checksum` of the text that it comes from. Default: that of `load`, where it is text. */
  readonly checksum?: string;
  /** The verdict of the safety rules when it was built. Default: it was not judged. */
  readonly verdict?: Verdict;
  /**
   * The statements that the code of its way back sent when the release was built. Default: nobody
   * tried it.
   */
  readonly sentBack?: SentBack;
};

/** Is there in a built release only, when all of its migrations are code. */
declare const slipwayWithoutSql: true | undefined;

type MapFiles = { readonly [path: string]: string };

/** Gives the migrations of an object, id → migration, or of a list. */
export function migrationMap(
  migrations: { readonly [id: string]: MapValue } | readonly MapEntry[],
  modules?: ForeignModules,
): Source {
  const entries: readonly MapEntry[] = isList(migrations)
    ? migrations
    : Object.entries(migrations).map(([id, load]) => ({ id, load }));
  const known = new Map(entries.map((entry) => [originOf(entry), entry]));
  return {
    list: async () => ({ files: list(entries), warnings: [] }),
    async load(file, syntax) {
      const entry = known.get(file.origin);
      if (entry === undefined) throw new ReleaseError("not_a_migration", { origin: file.origin });
      const { files: given = {} } = entry;
      const files = typeof given === "function" ? await filesFrom(given, file.origin) : given;
      const readFile = (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined);
      const { verdict, sentBack } = entry;
      const definition = await load(entry, { syntax, modules });
      return { file, definition, readFile, verdict, sentBack };
    },
    checksum: async (file) => {
      const { load: text, checksum: given } = known.get(file.origin) ?? {};
      return given ?? (typeof text === "string" ? `sql:${checksum(text)}` : undefined);
    },
    async facts({ id, origin }) {
      const { load: text } = known.get(origin) ?? {};
      const base = origin.replace(/^.*\//, "");
      return { base, stem: id, text: typeof text === "string" ? text : "" };
    },
  };
}

function isList(migrations: object): migrations is readonly MapEntry[] {
  return Array.isArray(migrations);
}

function list(entries: readonly MapEntry[]): readonly MigrationFile[] {
  const invalid: ReleaseError[] = [];
  const files = entries.flatMap((entry): readonly MigrationFile[] => {
    if ("version" in entry) return [carriedFile(entry)];
    const origin = entry.id;
    const id = origin.replace(/^.*\//, "").replace(/\.(?:[cm]?[jt]s|sql)$/, "");
    const parsed = baselineName(id) ?? migrationName(id);
    if (parsed !== undefined && parsed.problem === undefined)
      return [
        marked({ id, ...parsed, origin }, isNamedRepeatable(id) || repeatsIn(entry.load)),
      ].map((file) => (isNamedBaseline(id) ? { ...file, baseline: true } : file));
    const reason = parsed?.problem ?? "its name does not start with a version";
    invalid.push(
      new ReleaseError("migration_invalid", {
        origin,
        reason,
        hint: "Call it like 20210718153339_create_posts.",
      }),
    );
    return [];
  });
  refuse(invalid);
  return files.toSorted(inOrder);
}

/** A migration that is loaded later must say by its name that it is repeatable. */
function repeatsIn(load: MapValue): boolean {
  if (typeof load === "string") return saysRepeatable(load, "sql");
  if (typeof load !== "object" || load === null) return false;
  if ("repeatable" in load) return load.repeatable === true;
  return "up" in load && typeof load.up === "string" && saysRepeatable(load.up, "sql");
}

function originOf(entry: MapEntry): string {
  return "origin" in entry ? entry.origin : entry.id;
}

async function load(
  entry: MapEntry,
  { syntax, modules }: { readonly syntax: SqlSyntax; readonly modules: ForeignModules | undefined },
): Promise<MigrationDefinition> {
  const { load: value } = entry;
  const origin = originOf(entry);
  const given = typeof value === "function" ? await call(value, origin) : value;
  const sql =
    typeof slipwayWithoutSql === "undefined" ? sqlOf(given, { origin, syntax }) : undefined;
  return sql ?? definitionOf(given, { origin, syntax, modules });
}

function sqlOf(
  given: unknown,
  at: { readonly origin: string; readonly syntax: SqlSyntax },
): MigrationDefinition | undefined {
  const part = (text: string | undefined) =>
    text === undefined ? undefined : { text, origin: at.origin };
  const whole = part(textOf(given));
  if (whole !== undefined) return definitionFromSql({ whole }, at);
  if (!isSqlPair(given)) return undefined;
  const { up, down, transaction } = given;
  return definitionFromSql({ up: part(up), down: part(down) }, { ...at, transaction });
}

async function filesFrom(load: () => Promise<MapFiles>, origin: string): Promise<MapFiles> {
  return (await call(load, origin)) as MapFiles;
}

async function call(load: () => unknown, origin: string): Promise<unknown> {
  try {
    return await load();
  } catch (cause) {
    throw unloadable(cause, { origin, root: "/" });
  }
}

/** SQL text, also as the default export that bundlers make of a text file. */
function textOf(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  const exported =
    typeof given === "object" && given !== null && "default" in given ? given.default : undefined;
  return typeof exported === "string" ? exported : undefined;
}

function isSqlPair(given: unknown): given is SqlPair {
  if (typeof given !== "object" || given === null) return false;
  return (
    ("up" in given && typeof given.up === "string") ||
    ("down" in given && typeof given.down === "string")
  );
}
