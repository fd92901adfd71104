// Written by slipway gen manifest from the migration folders. Do not edit: run it again after every change,
// and slipway gen manifest --check where changes are checked.
import type { Manifest } from "slipway";

export const manifest = {
  main: {
    migrations: [
      {
        id: "20260105090000_create_notes",
        version: "20260105090000",
        name: "create_notes",
        origin: "db/main/migrations/20260105090000_create_notes.ts",
        checksum: "ts:6e446e6d22f2dbcea483118f9ccefbb8",
        load: () => import("./main/migrations/20260105090000_create_notes.ts"),
        verdict: { findings: [], makes: ["notes"] },
      },
      {
        id: "20260106090000_recent_notes",
        version: "20260106090000",
        name: "recent_notes",
        origin: "db/main/migrations/20260106090000_recent_notes.ts",
        checksum: "ts:9269a1beb653a0b7dd952570fc7b1a06",
        load: () => import("./main/migrations/20260106090000_recent_notes.ts"),
        verdict: { findings: [], makes: ["recent_notes"] },
        files: {
          "sql/recent_notes.down.sql": "drop view recent_notes;\n",
          "sql/recent_notes.up.sql":
            "create view recent_notes as\n  select id, title from notes where inserted_at > now() - interval '7 days';\n",
        },
      },
    ],
    dataMigrations: [],
  },
} satisfies Manifest;
