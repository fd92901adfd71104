/** Chromium, and a server for the pages that it opens. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium } from "playwright-core";
import { type DashboardHandler, nodeListener } from "../../../src/dashboard/index.ts";
import { debianProgram } from "../../support/debian.ts";

export const executablePath = debianProgram("chromium", "chromium");

/** One for a test file. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] } as never);
}

/** Serves a handler on this machine. */
export async function serve(handler: DashboardHandler) {
  const server = createServer(nodeListener(handler));
  server.listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export const widths = [360, 768, 1440] as const;
export const schemes = ["light", "dark"] as const;

/** The ways in which a page is looked at. */
export const looks = widths.flatMap((width) =>
  schemes.map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })),
);
