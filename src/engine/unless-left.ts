import { stopOf } from "./interruptible.ts";
import type { RunContext } from "./run-context.ts";

/** Runs code of the user's, and leaves it alone when the run is to stop: code that waits for something else hears nothing of a stop. */
export async function unlessLeft(context: RunContext, code: () => Promise<unknown>): Promise<void> {
  const stop = stopOf(context);
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = async () => {
    await context.edge.sleep(codePatienceMs);
    reject(new Error("it was left alone: it did not end when the run was to stop"));
  };
  stop.addEventListener("abort", leave, { once: true });
  try {
    await Promise.race([code(), left]);
  } finally {
    stop.removeEventListener("abort", leave);
  }
}

/** The time that code may take to end after a stop. Meanwhile Slipway cancels its statement. */
const codePatienceMs = 5_000;
