/** How the tools want their folder of migrations. The SQL is the same in all of them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sqlText, versionOf } from "../migrations.ts";

export type Layout = keyof typeof layouts;

type Write = (folder: string, count: number, text: string) => void;

export const layouts = {
  /** `20250101000001_create_table_1.sql` */
  plain: each((i) => `${versionOf(i)}_create_table_${i}.sql`),
  /** `0001_create_table_1.sql`, without a gap. */
  numbered: each((i) => `${String(i).padStart(5, "0")}_create_table_${i}.sql`),
  /** With the marker of dbmate. */
  marked: each(
    (i) => `${versionOf(i)}_create_table_${i}.sql`,
    (sql) => `-- migrate:up\n${sql}\n-- migrate:down\n`,
  ),
  /** With the journal of drizzle-kit, and its line between two statements. */
  drizzle(folder: string, count: number, text: string) {
    const tag = (i: number) => `${String(i).padStart(4, "0")}_create_table_${i}`;
    each(
      (i) => `${tag(i)}.sql`,
      (sql) => sql.trimEnd().replaceAll(";\n", ";\n--> statement-breakpoint\n"),
    )(folder, count, text);
    const entries = Array.from({ length: count }, (_, at) => ({
      idx: at,
      version: "7",
      when: 1_735_689_600_000 + at,
      tag: tag(at + 1),
      breakpoints: true,
    }));
    mkdirSync(join(folder, "meta"));
    const journal = JSON.stringify({ version: "7", dialect: "postgresql", entries });
    writeFileSync(join(folder, "meta/_journal.json"), journal);
  },
};

function each(name: (i: number) => string, dressed = (sql: string) => sql): Write {
  return (folder, count, text) => {
    for (let i = 1; i <= count; i++)
      writeFileSync(join(folder, name(i)), dressed(sqlText(i, text)));
  };
}
