// Written by slipway gen manifest from the migration folders. Do not edit: run it again after every change,
// and slipway gen manifest --check where changes are checked.
export const manifest = {
  main: {
    migrations: [
      {
        id: "20260105090000_create_notes",
        version: "20260105090000",
        name: "create_notes",
        origin: "db/main/migrations/20260105090000_create_notes.mjs",
        checksum: "mjs:6e446e6d22f2dbcea483118f9ccefbb8",
        load: () => import("./main/migrations/20260105090000_create_notes.mjs"),
        verdict: { findings: [], makes: ["notes"] },
      },
      {
        id: "20260106090000_pin_notes",
        version: "20260106090000",
        name: "pin_notes",
        origin: "db/main/migrations/20260106090000_pin_notes.up.sql",
        checksum: "sql:d90b53c1b9ee06d67cf9a4c06c3caef7",
        load: {
          up: "alter table notes add column pinned integer not null default 0;\n",
          down: "alter table notes drop column pinned;\n",
        },
        verdict: { findings: [], makes: [] },
      },
    ],
    dataMigrations: [],
  },
};
