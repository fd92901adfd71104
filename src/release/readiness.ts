/** Whether a release can start on its databases. Takes no lock, writes nothing and needs no right but to read the history. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, type LockHolder, ReleaseError, refuse } from "../core/model/errors.ts";
import { pendingFiles } from "../core/plan/pending-files.ts";
import { type Readiness, readiness } from "../core/plan/readiness.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { laneOf } from "./lane.ts";
import { lockName } from "./lock-name.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import { readPhases } from "./phases.ts";
import type { PrepareContext } from "./run-world.ts";
import { settleAll } from "./settle.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";
import type { LookedTenants, TenantsReadiness } from "./tenants/tenant-readiness.ts";

/** Whether this release can start on one repo, and why not. */
export type RepoReadiness = Readiness & {
  readonly repo: string;
  readonly ready: boolean;
  /**
   * Where the repo is many, and somebody asks for tenants; the migrations that they lack are among
   * the rest.
   */
  readonly tenants?: TenantsReadiness;
};

export type ReadinessContext = PrepareContext & { readonly version: string | undefined };

/** How to look. */
export type ReadinessOptions = {
  readonly prefix?: string | undefined;
  /**
   * Count a release as ready also when migrations have run that are too new for it. Default:
   * `false`.
   */
  readonly allowNewer?: boolean | undefined;
  /**
   * Whether to look at tenants too. Default: `true` where each has a schema, and a release waits to
   * start.
   */
  readonly tenants?: boolean | undefined;
};

/** A repo's readiness, and the holder of the lock where something is pending. */
export type Look = RepoReadiness & { readonly holder?: LockHolder | undefined };

/** Looks at one repo on a separate connection, which `signal` cuts off. */
export async function look(
  repo: Repo,
  options: ReadinessOptions & { readonly signal?: AbortSignal },
  context: ReadinessContext,
): Promise<Look> {
  const session = await openSession(repo, { role: "work", reads: "quietly", ...context });
  const cutOff = () => void session.close().catch(() => undefined);
  options.signal?.addEventListener("abort", cutOff, { once: true });
  try {
    return await lookThrough(session, { repo, options }, context);
  } catch (error) {
    throw isLost(error, session) ? serverGone(error, repo) : error;
  } finally {
    options.signal?.removeEventListener("abort", cutOff);
    await session.close();
  }
}

/** @throws {ReleaseError} what reading throws */
export async function readReadiness(
  repos: readonly Repo[],
  options: ReadinessOptions,
  context: ReadinessContext,
): Promise<readonly RepoReadiness[]> {
  const { tenants = false } = options;
  const looks = await settleAll(repos, (repo) => look(repo, { ...options, tenants }, context));
  return looks.map(({ holder: _, ...found }) => found);
}

/** @throws {ReleaseError} `migrations_pending`, `release_outdated`, and every error of reading */
export async function assertMigrated(
  repos: readonly Repo[],
  options: ReadinessOptions,
  context: ReadinessContext,
): Promise<void> {
  const found = await settleAll(repos, (repo) => look(repo, options, context));
  const pending = found
    .map(({ repo, pending }) => ({ repo, pending: pending.map((one) => one.version) }))
    .filter((row) => row.pending.length > 0);
  refuse([
    ...(pending.length > 0 ? [new ReleaseError("migrations_pending", { repos: pending })] : []),
    ...found.flatMap(({ repo, tenants: { unreachable } = {} }) =>
      unreachable === undefined
        ? []
        : [new ReleaseError("tenants_unreachable", { repo, unreachable })],
    ),
    ...(options.allowNewer === true ? [] : outdated(found, context)),
  ]);
}

/** Gives an error for each repo where migrations have run that are too new for this release. */
export function outdated(
  found: readonly RepoReadiness[],
  { version: release }: ReadinessContext,
): readonly ReleaseError[] {
  return found
    .filter(({ tooNew }) => tooNew.length > 0)
    .map(({ repo, tooNew }) => new ReleaseError("release_outdated", { repo, release, tooNew }));
}

async function lookThrough(
  session: Session,
  { repo, options }: { readonly repo: Repo; readonly options: ReadinessOptions },
  context: ReadinessContext,
): Promise<Look> {
  const { prefix, allowNewer } = options;
  const { migrations, historyTable, mayBeMissing } = laneOf(repo, "schema", { prefix });
  const { root, version: release } = context;
  const source = sourceOf(migrations, { repo: repo.name, root, mayBeMissing });
  const { files: listed } = await source.list();
  const history = { table: historyTable, repo: repo.name };
  const read = async () => {
    const ran = await ownRows({ repo, session, history }, () =>
      readHistory(session, history, listed),
    );
    const { files, applied } = listed.some((file) => file.repeatable || file.baseline)
      ? await (await import("./repeatables.ts")).repeatingOf(repo, {
          files: listed,
          applied: ran,
          history,
          source,
          session,
          prefix,
        })
      : { files: listed, applied: ran };
    return {
      files,
      applied,
      phases: await readPhases(pendingFiles(files, applied), { source, session }),
    };
  };
  const { files, applied, phases } = await reading(session, context, read, source);
  const own = readiness({ files, applied, phases, release });
  const many = await tenantsOf(repo, session, { options, own }, context);
  const found = many === undefined ? own : joined(own, many);
  const isKnown = found.tooNew.length === 0 || allowNewer === true;
  const isThere = many?.tenants.unreachable === undefined;
  const ready = found.pending.length === 0 && isKnown && isThere;
  const result = { repo: repo.name, ready, ...found };
  if (found.pending.length === 0) return result;
  const holder = async () => session.lockHolder?.(lockName(historyTable), historyTable);
  return { ...result, holder: await reading(session, context, holder) };
}

/** Most repos are one. */
async function tenantsOf(
  repo: Repo,
  session: Session,
  { options, own }: { readonly options: ReadinessOptions; readonly own: Readiness },
  context: ReadinessContext,
): Promise<LookedTenants | undefined> {
  const { prefix, allowNewer, tenants: wanted } = options;
  if (repo.tenants === undefined || wanted === false) return undefined;
  const { isInPlaces } = await import("./tenants/tenant-lane.ts");
  // To open thousands of files or databases is a thing to ask for.
  if (wanted !== true && isInPlaces(repo)) return undefined;
  const { lookAtTenants } = await import("./tenants/tenant-readiness.ts");
  const isBehind = own.pending.length + own.later.length > 0;
  return lookAtTenants(repo, { session, prefix, allowNewer, isBehind, look }, context);
}

function joined(own: Readiness, many: LookedTenants): LookedTenants {
  return {
    pending: [...own.pending, ...many.pending],
    later: [...own.later, ...many.later],
    tooNew: [...own.tooNew, ...many.tooNew],
    tenants: many.tenants,
  };
}

function isLost(error: unknown, session: Session): error is ReleaseError {
  return isReleaseError(error) && session.errorKind(error.cause) === "connection_lost";
}

/** For a waiting caller, a broken connection is the same as one that could not be made. */
function serverGone(error: ReleaseError, repo: Repo): ReleaseError {
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  const details = { repo: repo.name, target: repo.adapter.describe(), reason };
  const hint = "Is the server running? Try again in a moment.";
  return new ReleaseError("connection_failed", { ...details, hint }, { cause: error });
}
