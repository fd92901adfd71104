/** The migrations of the bench: each of a table and an index. */

/** Its version is a time, as most tools have it. */
export function versionOf(i: number): number {
  return 20_250_101_000_000 + i;
}

/** The SQL of a migration, a statement on each line. On PostgreSQL and SQLite the same as the module's. */
export function sqlText(i: number, text = "text"): string {
  const [table, id, title] = ["table_", "id", "title"];
  const name = (word: string) => (text === "text" ? `"${word}"` : word);
  return `CREATE TABLE ${name(table + i)} (${name(id)} bigint, ${name(title)} ${text} NOT NULL, PRIMARY KEY (${name(id)}));
CREATE INDEX ${name(`${table}${i}_title_index`)} ON ${name(table + i)} (${name(title)});
`;
}

/** The same in the language of Slipway. */
export function moduleText(i: number): string {
  return `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("table_${i}", (t) => {
      t.column("id", "bigint", { primaryKey: true });
      t.column("title", "text", { null: false });
    });
    m.createIndex("table_${i}", ["title"]);
  },
});
`;
}
