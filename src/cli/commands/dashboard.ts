/** `dashboard`: shows the pages of the dashboard on this machine, until it is stopped. */
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { port as portOf } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/** Answers on the loopback interface alone, below a path that nobody can guess. */
export const dashboard = defineCommand({
  flags: {
    port: value("--port <n>", "listen on this port; default 0, a free one", portOf),
    noOpen: flag("--no-open", "do not open a browser"),
    prefix: placeFlags.prefix,
  },
  async run({ flags, context }) {
    const { world, json } = context;
    if (json)
      throw new ReleaseError("usage_invalid", {
        reason: "the dashboard runs until it is stopped, and --json gives one document",
        hint: "Leave --json out: the address is the one line on stdout.",
      });
    const release = await context.release();
    const pages = await import("../../dashboard/index.ts");
    const token = randomBytes(18).toString("base64url");
    const handler = pages.dashboard(release, {
      path: `/${token}`,
      authorize: () => ({ user: userName() }),
      ...(flags.prefix === undefined ? {} : { prefix: flags.prefix }),
    });
    const server = createServer(pages.nodeListener(handler));
    const port = await listening(server, flags.port ?? 0);
    const url = `http://127.0.0.1:${port}/${token}/`;
    world.write(`${url}\n`);
    if (flags.noOpen !== true && world.redraw !== undefined) openInBrowser(url);
    await stopped(world.signal);
    server.closeAllConnections();
    server.close();
    await handler.close();
    return { data: { url }, ends: true };
  },
});

/** @throws {ReleaseError} `usage_invalid` for a port that is taken */
async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = `port ${port} of this machine cannot be listened on: ${error.code ?? error.message}`;
      fail(new ReleaseError("usage_invalid", { reason, hint: "Leave --port out for a free one." }));
    });
    server.listen(port, "127.0.0.1", done);
  });
  return (server.address() as AddressInfo).port;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
}

/** A container may run under a number that no name belongs to. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
