/** Both servers in one release: `npx slipway migrate` in this folder changes the subscriber, then the publisher. */
import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

/** The subscriber comes first: what it has in addition disturbs no row, and what it lacks stops them all. */
export const Release = defineRelease({
  app: "shop",
  root: import.meta.dirname,
  repos: {
    subscriber: { adapter: postgres({ url: () => env("SUBSCRIBER_URL") }) },
    publisher: { adapter: postgres({ url: () => env("PUBLISHER_URL") }) },
  },
});
