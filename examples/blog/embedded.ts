// The same release with PostgreSQL inside the process, to try it without a server.
import { pglite } from "slipway/pglite";
import { Release as OnServer } from "./release.ts";

export const Release = OnServer.using({
  adapters: { main: pglite({ dataDir: `${import.meta.dirname}/.data` }) },
});
