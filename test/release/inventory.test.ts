import { postgres } from "slipway/postgres";
import { describe, expect, it } from "vitest";
import { defineMigration, defineRelease } from "../../src/index.ts";
import { refused } from "./refuses.ts";

const Release = defineRelease({
  app: "blog",
  repos: {
    main: {
      adapter: postgres({
        url: () => {
          throw new Error("the address is not to be read");
        },
      }),
      migrations: {
        "1_users": "create table users (id int)",
        "2_seed": defineMigration({
          up: (m) => m.executeFile("seed.sql", { down: "" }),
          down() {},
        }),
      },
      dataMigrations: {},
    },
  },
});

const seeded = Release.using({
  version: "1.2.3",
  manifest: {
    main: {
      migrations: [
        {
          id: "db/1_seed.ts",
          load: async () =>
            defineMigration({ change: (m) => m.executeFile("seed.sql", { down: "" }) }),
          checksum: "ts:1",
          files: async () => ({ "seed.sql": "select 1" }),
        },
      ],
    },
  },
});

describe("the inventory of a release", () => {
  it("has every migration compiled, without a database", async () => {
    expect(seeded.version).toBe("1.2.3");
    const [main] = await seeded.inventory();
    const entry = main?.migrations[0];
    expect(main).toMatchObject({ repo: "main", adapter: "postgres", dataMigrations: [] });
    expect(entry).toMatchObject({
      file: { id: "1_seed", version: "1", name: "seed", origin: "db/1_seed.ts" },
      checksum: "ts:1",
    });
    expect(entry?.plan.up.actions[0]).toMatchObject({ statements: [{ sql: "select 1" }] });
  });

  it("names all that is wrong at once", async () => {
    const broken = Release.using({
      manifest: { main: { migrations: { "1_a": "", "1_b": "", "2_c": async () => ({}) } } },
    });
    expect((await refused(() => broken.inventory()))[0]).toBe("several");
  });
});
