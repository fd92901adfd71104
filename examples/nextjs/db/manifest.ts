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
        id: "20260106090000_pin_notes",
        version: "20260106090000",
        name: "pin_notes",
        origin: "db/main/migrations/20260106090000_pin_notes.sql",
        checksum: "sql:03a31797a3eb6c11a1fbefa00dbcfb5c",
        load: "-- migrate:up\nalter table notes add column pinned integer not null default 0;\n\n-- migrate:down\nalter table notes drop column pinned;\n",
        verdict: { findings: [], makes: [] },
      },
    ],
    dataMigrations: [],
  },
} satisfies Manifest;
