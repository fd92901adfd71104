/** The commands for backfills. Each loads its modules when somebody calls it. */
import type { Backfills } from "./backfills.ts";
import type { BackfillsContext } from "./find-backfill.ts";

/** The commands of a release. A run without backfills does not load their modules. */
export function backfillsOf(context: BackfillsContext): Backfills {
  const loaded = async () => (await import("./backfill-commands.ts")).backfillCommands(context);
  return {
    list: async (...given) => (await loaded()).list(...given),
    show: async (...given) => (await loaded()).show(...given),
    pause: async (...given) => (await loaded()).pause(...given),
    resume: async (...given) => (await loaded()).resume(...given),
    cancel: async (...given) => (await loaded()).cancel(...given),
    restart: async (...given) => (await loaded()).restart(...given),
    set: async (...given) => (await loaded()).set(...given),
    work: async (...given) => (await loaded()).work(...given),
    retryDead: async (...given) => (await loaded()).retryDead(...given),
    rehearse: async (...given) => (await loaded()).rehearse(...given),
  };
}
