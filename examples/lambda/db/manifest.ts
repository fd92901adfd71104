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
        id: "20260106090000_add_slug",
        version: "20260106090000",
        name: "add_slug",
        origin: "db/main/migrations/20260106090000_add_slug.sql",
        checksum: "sql:ebef431e1358c06f8afff6c740ead549",
        load: "-- migrate:up\nalter table notes add column slug text;\n\n-- migrate:down\nalter table notes drop column slug;\n",
        verdict: {
          findings: [],
          makes: [],
          ifPublished: [
            {
              rule: "published-add-column",
              message:
                "subscribers of {publications} that have no notes.slug stop at the first row that is written after it",
              line: 2,
              statement: "alter table notes add column slug text",
              tables: ["notes"],
              column: "slug",
            },
          ],
        },
      },
    ],
    dataMigrations: [
      {
        id: "20260107090000_fill_slugs",
        version: "20260107090000",
        name: "fill_slugs",
        origin: "db/main/data_migrations/20260107090000_fill_slugs.ts",
        checksum: "ts:3d4396b1176e719f1cafd0f919468721",
        load: () => import("./main/data_migrations/20260107090000_fill_slugs.ts"),
      },
    ],
  },
} satisfies Manifest;
