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
        id: "20260106090000_index_notes_by_title",
        version: "20260106090000",
        name: "index_notes_by_title",
        origin: "db/main/migrations/20260106090000_index_notes_by_title.ts",
        checksum: "ts:952b25d689f8fde1cdd6fc37a31db77f",
        load: () => import("./main/migrations/20260106090000_index_notes_by_title.ts"),
        verdict: {
          findings: [],
          makes: [],
          heavy: [{ does: "index", waits: "nobody", table: "notes", passes: 2 }],
        },
      },
    ],
    dataMigrations: [],
  },
} satisfies Manifest;
