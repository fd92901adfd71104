/** Passes the events of runs to the listeners of a release. None of them can break a run, or hold it for long. */

import { messageOf } from "../core/model/message-of.ts";
import { redact } from "../core/model/redact.ts";
import { mapTexts } from "../core/model/visible.ts";
import type { RunEvent } from "../engine/events.ts";
import { type OnEvent, type ToldEvent, withoutQueries } from "../engine/told-event.ts";

/** How long the end of a run waits for listeners, in milliseconds. */
const longestEndMs = 5_000;

export class ToldEvents {
  readonly #listeners: readonly OnEvent[];
  readonly #open = new Set<Promise<unknown>>();
  #over = new AbortController();
  #isTold = false;

  constructor(listeners: readonly OnEvent[]) {
    this.#listeners = listeners;
  }

  /** Tells one event, and comes back at once. */
  tell(event: RunEvent, of: Omit<ToldEvent, "event" | "at">): void {
    if (event.type === "sql" || this.#listeners.length === 0) return;
    const told = { ...of, at: new Date(), event: mapTexts(withoutQueries(event), redact) };
    const { signal } = this.#over;
    for (const listener of this.#listeners) this.#call(() => listener(told, { signal }));
  }

  /** Waits for events on their way, and ends those that take too long. */
  async settle(): Promise<void> {
    if (this.#open.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, longestEndMs, "late");
    });
    const end = await Promise.race([Promise.all(this.#open), late]);
    clearTimeout(timer);
    if (end !== "late") return;
    this.#fail(new Error(`it took longer than ${longestEndMs / 1000} s`));
    this.#over.abort();
    this.#over = new AbortController();
    this.#open.clear();
  }

  #call(listener: () => unknown): void {
    try {
      const result = listener();
      if (!isThenable(result)) return;
      const open = Promise.resolve(result)
        .catch((error: unknown) => this.#fail(error))
        .finally(() => this.#open.delete(open));
      this.#open.add(open);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#isTold)
      process.emitWarning(`onEvent failed, and the run continues: ${wordsOf(error)}`);
    this.#isTold = true;
  }
}

/** A query builder works only when somebody waits for it, and is no promise. */
function isThenable(result: unknown): result is PromiseLike<unknown> {
  return typeof (result as Partial<PromiseLike<unknown>> | undefined | null)?.then === "function";
}

/** Code can throw anything, also values without a text. */
function wordsOf(error: unknown): string {
  try {
    return redact(String(messageOf(error)));
  } catch {
    return "what it threw has no message";
  }
}
