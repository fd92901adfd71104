/** An adapter whose work sessions show each statement to a tracer. */
import type { Adapter, OpenOptions, Session } from "../../adapters/adapter.ts";
import { StatementFailed } from "../../adapters/adapter.ts";
import type { Statement } from "../../core/model/statement.ts";
import type { Tracer } from "./tracer.ts";

/** The same database, with a tracer that looks at each statement. */
export function tracingAdapter(adapter: Adapter, tracer: Tracer): Adapter {
  return {
    ...adapter,
    describe: () => adapter.describe(),
    open: async (options) => {
      if (options.role !== "work") return adapter.open(options);
      return tracingSession(await adapter.open(listening(options, tracer)), tracer);
    },
  };
}

/** Only the tracer hears the server's messages at the level of debugging. */
function listening(options: OpenOptions, tracer: Tracer): OpenOptions {
  return {
    ...options,
    onNotice: (notice) => {
      tracer.notice(notice);
      if (notice.level !== "debug") options.onNotice?.(notice);
    },
  };
}

/**
 * Sends statements one by one, as they are written: nobody looks for their marks on a shadow's
 * server.
 */
function tracingSession(session: Session, tracer: Tracer): Session {
  const { workMark: _mark, ...dialect } = session.dialect;
  const execute = async (statements: readonly Statement[]) => {
    for (const [index, statement] of statements.entries()) {
      try {
        await tracer.run(session, statement, () => session.execute([statement]));
      } catch (error) {
        if (!(error instanceof StatementFailed)) throw error;
        const { message, cause, offset } = error;
        throw new StatementFailed(message, { index, cause, offset });
      }
    }
  };
  const overridden: Partial<Session> = {
    dialect,
    execute,
    query: async (sql, parameters) => {
      let rows: Awaited<ReturnType<Session["query"]>> = [];
      const statement: Statement = { sql, policy: { kind: "plain" } };
      await tracer.run(session, statement, async () => {
        rows = await session.query(sql, parameters);
      });
      return rows;
    },
    change: async (sql, parameters) => {
      let changed = 0;
      const statement: Statement = { sql, policy: { kind: "plain" } };
      await tracer.run(session, statement, async () => {
        changed = await session.change(sql, parameters);
      });
      return changed;
    },
  };
  return new Proxy(session, {
    get(target, property) {
      const own = overridden[property as keyof Session];
      if (own !== undefined) return own;
      const value = Reflect.get(target, property, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
