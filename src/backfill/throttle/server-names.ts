/** Tells which databases are on the same server, so that the server is asked once for all of them. */
import type { Session } from "../../adapters/adapter.ts";
import type { BackfillTarget } from "../target.ts";

export class ServerNames {
  readonly #asked = new WeakMap<BackfillTarget, Promise<object>>();
  readonly #servers = new Map<string, object>();

  /** Its server, the same object for all of them; asked once for each. One that has no name for itself is the target's alone. */
  of(session: Session, target: BackfillTarget): Promise<object> {
    const known = this.#asked.get(target);
    if (known !== undefined) return known;
    const server = this.#named(session, target);
    this.#asked.set(target, server);
    server.catch(() => this.#asked.delete(target));
    return server;
  }

  async #named(session: Session, target: BackfillTarget): Promise<object> {
    const name = await nameOf(session);
    if (name === undefined) return target;
    const server = this.#servers.get(name) ?? {};
    this.#servers.set(name, server);
    return server;
  }
}

async function nameOf(session: Session): Promise<string | undefined> {
  const { server } = session.dialect.backfill;
  if (server === undefined) return undefined;
  try {
    const [row] = await session.query(server);
    return row && String(row.value);
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    return undefined;
  }
}
