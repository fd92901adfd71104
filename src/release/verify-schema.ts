/** Finds changes that somebody made in a database by hand, beside its migrations. */
import type { Session } from "../adapters/adapter.ts";
import type { SchemaCatalog } from "../core/catalog/catalog.ts";
import type { Drift } from "../core/catalog/drift.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { readHalfDone } from "../engine/half-done.ts";
import { readHistory } from "../engine/history.ts";
import { schemaTable } from "../engine/kept-schema.ts";
import { settingUp } from "../engine/set-up.ts";
import type { Repo } from "./config.ts";
import type { KeepPlace } from "./keep-schema.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { RunWorld } from "./run-world.ts";
import { notWhileHalfDone } from "./schema-not-kept.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";
import { underLock } from "./under-lock.ts";

export type VerifySchemaRequest = {
  readonly prefix?: string | undefined;
  /** Keep the present schema as the meant one, and compare nothing. Default: `false`. */
  readonly accept?: boolean | undefined;
  /** The schema to compare with. Default: the one that the last run kept. */
  readonly against?: SchemaCatalog | undefined;
};

/** How one database differs from what its migrations have made of it. */
export type SchemaVerification = Drift & {
  readonly repo: string;
  /** When the schema was kept that it was compared with. */
  readonly keptAt?: Date | undefined;
};

/** @throws {ReleaseError} `schema_not_kept`, `setup_refused`, `dump_unsupported`, `connection_failed`, `interrupted`, `lock_held` */
export async function verifySchemaOf(
  repo: Repo,
  { prefix, accept = false, against }: VerifySchemaRequest,
  world: RunWorld,
): Promise<SchemaVerification> {
  const lane = laneOf(repo, "schema", { prefix });
  const source = sourceOf(lane.migrations, {
    repo: repo.name,
    root: world.root,
    mayBeMissing: lane.mayBeMissing,
  });
  const { files } = await source.list();
  const reads = accept ? undefined : "tell";
  const session = await openSession(repo, { role: "work", reads, ...world });
  const place: KeepPlace = { repo, session, history: lane.historyTable };
  const history = { table: lane.historyTable, repo: repo.name };
  const table = (doing: "read" | "write") => ({
    repo: repo.name,
    tables: [schemaTable(lane.historyTable).table],
    doing: `${doing} slipway_schema`,
  });
  const versions = async () =>
    (await readHistory(session, history, files)).map(({ version }) => version);
  const refuseHalfDone = async () => {
    const halfDone = await readHalfDone(session, history, files);
    if (halfDone.size > 0) throw notWhileHalfDone(repo);
  };
  try {
    if (accept)
      return await underLock({ repo, lane, session }, { options: {}, world }, ({ held, world }) =>
        reading(session, world, async () => {
          const proof = held?.fence.proof ?? [];
          await refuseHalfDone();
          const has = await versions();
          const { keepNow } = await import("./keep-schema.ts");
          const live = await wholeNow(place);
          await settingUp(session, table("write"), () => keepNow(place, live, { has, proof }));
          return { repo: repo.name, drifted: [], told: [] };
        }),
      );
    return await reading(session, world, async () => {
      const live = await wholeNow(place);
      const { compared, keptOf } = await import("./keep-schema.ts");
      if (against !== undefined)
        return { repo: repo.name, ...(await compared(place, against, live)) };
      const ran = await versions();
      const look = () => keptOf(place, ran);
      const { schema, keptAt, anew } = await settingUp(session, table("read"), look);
      await refuseHalfDone();
      const { drifted, told } = await compared(place, schema, live);
      const gaps = anew ? [gap] : [];
      return { repo: repo.name, drifted, told: [...gaps, ...told], keptAt };
    });
  } finally {
    await session.close();
  }
}

/** Nobody can tell the changes of a killed run from those of a hand. */
const gap =
  "what changed before a run kept all anew, because the one before it did not end well (--accept ends this line)";

async function wholeNow(place: KeepPlace): Promise<SchemaCatalog> {
  const { judgedNow } = await import("./keep-schema.ts");
  const live = await judgedNow(place, Number.POSITIVE_INFINITY);
  if (live !== undefined) return live;
  const { repo, session } = place;
  throw new ReleaseError("dump_unsupported", { repo: repo.name, database: session.dialect.label });
}

/** The whole schema of a session's database. @throws {ReleaseError} `dump_unsupported` */
export async function schemaOfSession(session: Session, repo: string): Promise<SchemaCatalog> {
  const access = await session.dialect.catalog?.();
  const all = await access?.facts((sql) => session.query(sql), Number.POSITIVE_INFINITY);
  if (all !== undefined) return all;
  throw new ReleaseError("dump_unsupported", { repo, database: session.dialect.label });
}
