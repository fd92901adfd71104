// What a release does to its databases, as a function that is called with an event.
import { Release } from "./release.ts";

export type Event =
  | { readonly command: "status" }
  | { readonly command: "migrate" | "migrate-data"; readonly step?: number }
  | { readonly command: "rollback"; readonly repo: "main"; readonly version: string };

/** The part of Lambda's context that is used. */
type Context = { getRemainingTimeInMillis(): number };

/** A failure is thrown: the caller then gets its name and its one-line message. */
export async function handler(event: Event, context: Context) {
  const stop = new AbortController();
  const timer = setTimeout(
    () => stop.abort("the end of the function's time"),
    context.getRemainingTimeInMillis() - 10_000,
  );
  try {
    return await run(event, Release.using({ signal: stop.signal }));
  } finally {
    clearTimeout(timer);
  }
}

async function run(event: Event, release: typeof Release) {
  switch (event.command) {
    case "status":
      return release.migrationStatus();
    case "migrate":
      return release.migrate(event.step === undefined ? {} : { step: event.step });
    case "migrate-data":
      return release.migrateData(event.step === undefined ? {} : { step: event.step });
    case "rollback":
      return release.rollback(event.repo, BigInt(event.version));
    default:
      throw new Error(`unknown command in ${JSON.stringify(event)}`);
  }
}
