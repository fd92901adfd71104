/** Keeps the schema that a run has left, so that Slipway can find changes by hand later. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Session } from "../adapters/adapter.ts";
import type { SchemaCatalog } from "../core/catalog/catalog.ts";
import { type Drift, driftOf } from "../core/catalog/drift.ts";
import { type JudgedScope, judged, keptAfter } from "../core/catalog/kept.ts";
import type { Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import {
  briefly,
  keepingPolicy,
  keepStatements,
  readKept,
  schemaTable,
} from "../engine/kept-schema.ts";
import { ensureOwnTable } from "../engine/own-table.ts";
import type { Repo } from "./config.ts";
import { historyNames } from "./elsewhere.ts";
import type { Lane } from "./lane.ts";
import { ownNames, tenantSchemas } from "./own-names.ts";
import { notKept } from "./schema-not-kept.ts";

/** Where a schema is kept, and whose it is. */
export type KeepPlace = {
  readonly repo: Repo;
  readonly session: Session;
  /** The history of the schema migrations. */
  readonly history: Named;
};

/** A kept schema. */
export type Kept = {
  /** The versions that had run, as one checksum: changes by later runs are nobody's hand. */
  readonly of: string;
  readonly schema: SchemaCatalog;
  /**
   * Whether it was kept whole though something had been kept before: nobody knows who changed
   * things between the two.
   */
  readonly anew?: true | undefined;
};

/**
 * To read more tables than these takes seconds, before and after a run: do that only on request.
 */
const mostTables = 2_000;

function mostOf({ fingerprint }: Repo): number {
  return fingerprint === true ? Number.POSITIVE_INFINITY : mostTables;
}

/** The schema before the run, and the kept schema of every history beside it. */
export type BeforeRun = {
  readonly before: SchemaCatalog | undefined;
  readonly kept: ReadonlyMap<string, Kept>;
};

async function lookBefore(place: KeepPlace, readKept: KeptReader): Promise<BeforeRun | undefined> {
  try {
    const kept = await readKept();
    if (kept.size === 0) return { before: undefined, kept };
    const before = await judgedNow(place, mostOf(place.repo));
    return before && { before, kept };
  } catch {
    return undefined;
  }
}

/** The effect of a run. */
export type RanBetween = {
  /** The versions that had run before. */
  readonly had: readonly Version[];
  readonly ran: readonly Pick<Step, "direction" | "file" | "restores">[];
  /** Whether something was half done before, so that nobody knows who changed what. */
  readonly inDoubt: boolean;
  /** Statements that prove that the run still holds the lock. */
  readonly proof: readonly Statement[];
};

/**
 * Looks at the schema before a run, and gives a function that keeps it afterwards. Neither ever
 * throws: a run does not fail because of a kept schema.
 */
export async function keeping(
  place: KeepPlace,
  lane: Pick<Lane, "name">,
  readKept: KeptReader = () => readAllKept(place.session, place.history),
): Promise<((ran: RanBetween) => Promise<void>) | undefined> {
  const before = await lookBefore(place, readKept);
  return before && ((ran) => keepAfter(place, before, { ...ran, isData: lane.name === "data" }));
}

/**
 * Keeps a data migration's changes of the schema as meant, and leaves the versions of the others as
 * they were.
 */
async function keepAfter(
  place: KeepPlace,
  { before, kept }: BeforeRun,
  ran: RanBetween & { readonly isData: boolean },
): Promise<void> {
  try {
    const after = await judgedNow(place, mostOf(place.repo));
    if (after === undefined) return;
    const through = (one: Kept) =>
      before === undefined ? after : keptAfter(one.schema, { before, after });
    const { name } = place.history;
    // The others hold other locks, and may have kept another schema meanwhile.
    const isAlone = [...kept.keys()].every((one) => one === name);
    const latest = isAlone ? kept : await readAllKept(place.session, place.history);
    const all = new Map([...latest].map(([of, one]) => [of, { ...one, schema: through(one) }]));
    const own = kept.get(name);
    const isKnown = own?.of === ofVersions(ran.had) && !ran.inDoubt;
    const isAnew = own !== undefined && (!isKnown || own.anew === true);
    if (!ran.isData)
      all.set(name, {
        of: ofVersions(versionsAfter(ran)),
        schema: isKnown ? through(own) : after,
        ...(isAnew ? { anew: true } : {}),
      });
    if (kept.size === 0) await ensureOwnTable(place.session, schemaTable(place.history));
    await write(place, all, ran.proof);
  } catch {
    // The checksum of the versions says later that this run kept nothing.
    await endBadly(place);
  }
}

function versionsAfter({ had, ran }: RanBetween): readonly Version[] {
  const has = new Set(had);
  for (const { direction, file, restores } of ran)
    if (direction === "up" || restores !== undefined) has.add(file.version);
    else has.delete(file.version);
  return [...has];
}

/** Which versions have run, and that the lock is held still. */
export type KeepNow = { readonly has: readonly Version[]; readonly proof: readonly Statement[] };

/** Keeps the present schema as the meant one. */
export async function keepNow(
  place: KeepPlace,
  schema: SchemaCatalog,
  { has, proof }: KeepNow,
): Promise<void> {
  await ensureOwnTable(place.session, schemaTable(place.history));
  await write(place, new Map([[place.history.name, { of: ofVersions(has), schema }]]), proof);
}

/**
 * The same of a schema that was just loaded, where migrations have run, whatever its size. Never throws: it is
 * loaded all the same.
 */
export async function keepLoaded(place: KeepPlace, now: () => Promise<KeepNow>): Promise<void> {
  try {
    const given = await now();
    if (given.has.length === 0) return;
    const schema = await judgedNow(place, Number.POSITIVE_INFINITY);
    if (schema !== undefined) await keepNow(place, schema, given);
  } catch {
    await endBadly(place);
  }
}

async function write(
  { session, history }: KeepPlace,
  all: ReadonlyMap<string, Kept>,
  proof: readonly Statement[],
): Promise<void> {
  const { dialect } = session;
  // A setting for a transaction ends with it; elsewhere the connection keeps it.
  const connection = dialect.transactionalDdl
    ? undefined
    : await session.lockSettings?.("locking", keepingPolicy);
  const around = connection?.refused === undefined ? connection : undefined;
  const rows = [...all].flatMap(([name, kept]) =>
    keepStatements(dialect, { ...history, name }, packed(kept)),
  );
  const settings = [...(around?.before ?? []), plain(dialect.begin), ...briefly(dialect)];
  try {
    await session.execute([...settings, ...proof, ...rows, plain(dialect.commit)]);
  } finally {
    if (around !== undefined) await session.execute(around.after);
  }
}

async function endBadly({ session }: KeepPlace): Promise<void> {
  await session.execute([plain(session.dialect.rollback)]).catch(() => undefined);
}

/** The schema as it is now, as far as it is judged; `undefined` where it cannot be read, or has too many tables. */
export async function judgedNow(
  { repo, session, history }: KeepPlace,
  upTo: number,
): Promise<SchemaCatalog | undefined> {
  const { dialect } = session;
  const access = await dialect.catalog?.();
  // Another database of MySQL is not the one that is read.
  if (access === undefined || (history.prefix !== undefined && dialect.defaultSchema === undefined))
    return undefined;
  const catalog = await access.facts((sql) => session.query(sql), upTo);
  return catalog && judged(catalog, await scopeOf({ repo, session, history }));
}

async function scopeOf({ repo, session, history }: KeepPlace): Promise<JudgedScope> {
  const { dialect } = session;
  const histories = [history.name, ...historyNames(repo), repo.dataHistoryTable];
  return {
    own: ownNames(histories),
    tenants: await tenantSchemas(repo, session, history),
    home: history.prefix ?? dialect.defaultSchema,
    onlyHome: history.prefix !== undefined,
    ignore: repo.ignore,
  };
}

/**
 * The kept schema of this history, and its time.
 *
 * @throws {ReleaseError} `schema_not_kept`
 */
export async function keptOf(
  { repo, session, history }: KeepPlace,
  versions: readonly Version[],
): Promise<{
  readonly schema: SchemaCatalog;
  readonly keptAt: Date | undefined;
  readonly anew: boolean;
}> {
  const kept = (await readAllKept(session, history)).get(history.name);
  const refuse = async (reason: string) => {
    const small = await judgedNow({ repo, session, history }, mostOf(repo));
    const size = "; of a database as large as this a run keeps one with fingerprint: true";
    return notKept(repo, small === undefined ? `${reason}${size}` : reason);
  };
  if (kept === undefined) throw await refuse("no run has kept one yet");
  if (kept.of !== ofVersions(versions))
    throw await refuse("what has run is not what had run when it was kept");
  return { schema: kept.schema, keptAt: dateOf(kept.at), anew: kept.anew === true };
}

function dateOf(text: string): Date | undefined {
  const at = new Date(`${text.replace(" ", "T")}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** How a schema differs from a given one, which may contain objects that are left alone today. */
export async function compared(
  place: KeepPlace,
  given: SchemaCatalog,
  live: SchemaCatalog,
): Promise<Drift> {
  return driftOf(judged(given, await scopeOf(place)), live);
}

type KeptReader = () => Promise<ReadonlyMap<string, Kept>>;

/** The kept schemas, by the names of their histories. */
export async function readAllKept(
  session: Session,
  history: Named,
): Promise<ReadonlyMap<string, Kept & { readonly at: string }>> {
  const rows = await readKept(session, history);
  return new Map(
    [...(rows ?? [])].flatMap(([name, { text, at }]) => {
      const kept = unpacked(text);
      return kept === undefined ? [] : [[name, { ...kept, at }]];
    }),
  );
}

/** Versions that have run, in whatever order they come. */
function ofVersions(versions: readonly string[]): string {
  return meaningChecksum(versions.map(versionNumber).sort().join(" "));
}

/** Packs a kept schema: a hundred tables take some 10 kB. */
function packed({ of, schema, anew }: Kept): string {
  const text = JSON.stringify({ format: 1, of, schema, anew });
  return deflateRawSync(text).toString("base64");
}

/** Nothing, where a later Slipway has kept it in another way. */
function unpacked(text: string): Kept | undefined {
  try {
    const { format, ...kept } = JSON.parse(
      inflateRawSync(Buffer.from(text, "base64")).toString("utf8"),
    );
    return format === 1 ? kept : undefined;
  } catch {
    return undefined;
  }
}
