import { terminal } from "../reporters/terminal.ts";
import { type Listener, listen } from "../rpc/listen.ts";
import { socketPath } from "../rpc/run-folder.ts";
import type { World } from "./world.ts";

/** Listens for a release. `scope` gives the names of an expression; what its release writes goes to whoever asked. */
export function listenFor(
  app: string,
  options: {
    readonly path: string | undefined;
    readonly scope: (
      changes: Pick<World, "write" | "emit" | "signal">,
    ) => Readonly<Record<string, unknown>>;
  },
): Promise<Listener> {
  return listen({
    path: options.path ?? socketPath(app),
    scope: ({ stdout, stderr, gone }) => {
      const emit = terminal({ write: stderr, styled: false });
      return options.scope({ write: stdout, emit, signal: gone });
    },
  });
}
