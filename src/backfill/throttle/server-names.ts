/** Tells which databases are on the same server, so that the server is asked once for all of them. */
import type { Session } from "../../adapters/adapter.ts";
import type { BackfillTarget } from "../target.ts";

export class ServerNames {
  readonly #names = new WeakMap<BackfillTarget, Promise<unknown>>();

  /** The server's name for itself, asked once for each backfill. One that has none is a server for each. */
  of(session: Session, target: BackfillTarget): Promise<unknown> {
    const known = this.#names.get(target);
    if (known !== undefined) return known;
    const name = nameOf(session, target);
    this.#names.set(target, name);
    name.catch(() => this.#names.delete(target));
    return name;
  }
}

async function nameOf(session: Session, target: BackfillTarget): Promise<unknown> {
  const { server } = session.dialect.backfill;
  if (server === undefined) return target;
  try {
    const [row] = await session.query(server);
    return row === undefined ? target : String(row.value);
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    return target;
  }
}
