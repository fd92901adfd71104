import { defineRelease, env, sql } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "notes",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      primaryKey: { type: "identity" },
      timestamps: {
        insertedAt: "created_at",
        updatedAt: "updated_at",
        type: "timestamptz",
        default: sql`now()`,
      },
      strings: { type: "text" },
    },
  },
});
