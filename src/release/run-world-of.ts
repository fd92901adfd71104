import { randomUUID } from "node:crypto";
import type { Emit } from "../engine/events.ts";
import { heard } from "./heard.ts";
import type { LogOptions } from "./options.ts";
import type { RunWorld } from "./run-world.ts";
import type { World } from "./world.ts";

/** What a run of a release gets of the world: each has an id of its own. */
export function runWorldOf(
  release: { readonly app: string; readonly version: string | undefined; readonly root: string },
  world: World,
  options: LogOptions,
): RunWorld {
  const { app, version, root } = release;
  const { now, sleep, random, signal, host, user } = world;
  const emit = wanted(heard(world.emit), options);
  return {
    app,
    root,
    emit,
    edge: { emit, now, sleep, random, signal },
    facts: { runId: randomUUID(), release: [app, version].filter(Boolean).join(" "), host, user },
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
