/**
 * Floors of fleets with a file or a database for each tenant: `places.cjs HOW LIST NAME` opens each of the list, a file of
 * JSON, does one thing and closes it. HOW: `make`, `nothing`, `column`. Databases eight at once, files one behind the other.
 */
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";

const [, , how = "", list = "", name = "bare"] = process.argv;
const places = Object.values(JSON.parse(readFileSync(list, "utf8")) as Record<string, string>);

const history = "bare_history";
const row = (version: string) => `INSERT INTO ${history} VALUES ('${version}', CURRENT_TIMESTAMP)`;
const columns = "(id bigint PRIMARY KEY, title text)";
const made = ["posts", "tags", "comments"].map((table) => `CREATE TABLE bare_${table} ${columns}`);
const statements: Readonly<Record<string, readonly string[]>> = {
  make: [
    `CREATE TABLE ${history} (version text PRIMARY KEY, inserted_at timestamp)`,
    ...made,
    row("1"),
  ],
  column: [`ALTER TABLE bare_posts ADD COLUMN ${name} text`, row(name)],
};
const message = ["BEGIN", ...(statements[how] ?? []), "COMMIT"].join(";\n");
const question = `SELECT version FROM ${history}`;

async function inDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(how === "nothing" ? question : message);
  await client.end();
}

function inFile(path: string): void {
  const database = new DatabaseSync(path);
  if (how === "nothing") database.prepare(question).all();
  else database.exec(message);
  database.close();
}

async function work(): Promise<void> {
  for (let one = places.pop(); one !== undefined; one = places.pop())
    if (one.startsWith("postgres")) await inDatabase(one);
    else inFile(one);
}

void Promise.all(Array.from({ length: 8 }, work));
