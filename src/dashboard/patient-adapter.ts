/** An adapter that waits for no answer longer than a page may take. */
import type { Adapter, OpenOptions } from "../adapters/adapter.ts";
import { answeredWithin } from "./answered-within.ts";
import { inTime, overlaid } from "./overlaid.ts";

/** A database that gives no answer for this long is shown as one that cannot be read, so that the others are shown. */
export const patienceMs = 8_000;

/** Counts the statements that databases get. */
export type Cost = { statements: number };

/** The adapter, whose sessions end where an answer is late: nothing of them keeps waiting on the server. */
export function patientAdapter(
  adapter: Adapter,
  cost: Cost,
  { patienceMs: ms = patienceMs }: { readonly patienceMs?: number } = {},
): Adapter {
  const open = async (options: OpenOptions) => {
    const late = new AbortController();
    const signal = AbortSignal.any([late.signal, options.signal ?? late.signal]);
    const opening = adapter.open({ ...options, signal });
    const session = await answeredWithin(ms, opening, (error) => {
      late.abort(error);
      void opening.then((opened) => opened.close()).catch(() => undefined);
    });
    const counted = overlaid(session, {
      query: (sql: string, parameters?: readonly unknown[]) => {
        cost.statements += 1;
        return session.query(sql, parameters);
      },
    });
    return inTime(counted, (answer) =>
      answeredWithin(ms, answer, () => {
        void session.cancel?.();
        void session.close().catch(() => undefined);
      }),
    );
  };
  const at = adapter.at && ((place: string) => below(adapter.at?.(place)));
  const below = (one: Adapter | undefined) => one && patientAdapter(one, cost, { patienceMs: ms });
  return overlaid(adapter, { open, ...(at === undefined ? {} : { at }) });
}
