import { randomUUID } from "node:crypto";
import type { Emit } from "../engine/events.ts";
import { tracedEvents } from "../engine/traced.ts";
import { heard } from "./heard.ts";
import type { LogOptions } from "./options.ts";
import type { RunWorld } from "./run-world.ts";
import type { ToldEvents } from "./told-events.ts";
import type { World } from "./world.ts";

/** Gives a run of a release its world, with a new id. */
export function runWorldOf(
  release: {
    readonly app: string;
    readonly version: string | undefined;
    readonly root: string;
    readonly told?: ToldEvents | undefined;
  },
  world: World,
  options: LogOptions,
): RunWorld {
  const { app, version, root, told } = release;
  const { now, sleep, random, signal, host, user } = world;
  const runId = randomUUID();
  const shown = wanted(heard(world.emit), options);
  const emit: Emit = (event) => {
    if (tracedEvents.hasSubscribers) tracedEvents.publish({ app, runId, event });
    told?.tell(event, { app, version, host, runId });
    shown(event);
  };
  return {
    app,
    root,
    emit,
    edge: { emit, now, sleep, random, signal },
    facts: { runId, release: [app, version].filter(Boolean).join(" "), host, user },
  };
}

/** Leaves out the events that the options switch off. */
function wanted(emit: Emit, options: LogOptions): Emit {
  const { log = true, logMigrationsSql = false, logMigratorSql = false } = options;
  return (event) => {
    if (event.type === "sql") {
      if (event.by === "migration" ? logMigrationsSql : logMigratorSql) emit(event);
    } else if (log) emit(event);
  };
}
