/** The head of docs/migrations.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** As test/faults/libraries.test.ts runs it. */
const clientOver = readFileSync(
  join(import.meta.dirname, "../test/faults/support/client-over.ts"),
  "utf8",
).replace("../../../src/index.ts", "slipway");

export const migrationsIntro = `# Migrations

This page is made from the cases that the tests run on each database: up, down, and up again, with the catalog compared each time. MySQL is shown as 8.4, MariaDB as 10.11.

## The file

\`\`\`ts
// db/main/migrations/20210718153339_create_posts.ts
import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string", { null: false });
      t.references("author_id", "users", { onDelete: "cascade" });
      t.timestamps();
    });
    m.createIndex("posts", ["author_id"], { concurrently: true });
  },
});
\`\`\`

\`npx slipway gen migration create_posts title:string! author:references:users\` makes one, with what its name and the columns behind it say: so do \`add_slug_to_posts slug:string:unique\`, \`remove_slug_from_posts\`, \`add_index_to_posts_on_slug\`, \`rename_title_to_heading_in_posts\`, \`rename_posts_to_articles\` and \`backfill_posts_slug\`, in their safe forms where the table is there already. \`!\` is not null; \`:index\` and \`:unique\` add an index. Its identity is the name of the file; SQL can be a migration too, see [SQL files](sql-files.md).

## change, up, down

- \`change(m)\` says what to do. Going down, it is recorded again and reversed, last operation first.
- \`up(m)\` and \`down(m)\` say both ways; each wins over \`change\` in its direction.
- \`m\` only records. It is synchronous and sees no database, so everything is checked before the first statement runs. \`m.direction\` and \`m.prefix\` tell how it is run.
- An option that an operation does not have, or a value of the wrong kind, is refused with its line and the word that you meant, in JavaScript too.
- A type is a portable one (\`"string"\`), one of the database (\`"tsvector"\`, \`"numeric(10, 2)"\`) or a list of one (\`"string[]"\`). An enum or domain of your own is written with its schema, \`"public.mood"\`, in quotes, \`'"mood"'\`, or by its name alone once TypeScript knows it: \`declare module "slipway" { interface CustomTypes { mood: true } }\`. A slip (\`"strng"\`) does not compile, and in JavaScript it is refused with the word that you meant.
- What needs the database goes into \`m.run(async (db) => { … }, { down })\`: code at that place of the order, on the connection and in the transaction of the migration.
- What destroys has to say what it destroys: \`was\`. Without it, going down is refused before anything runs, with the line of the migration: [what cannot be undone](#what-cannot-be-undone).

## Transactions

All operations of a migration and its history row are one transaction, where the database can roll DDL back: PostgreSQL and SQLite. An operation that PostgreSQL refuses in a transaction, such as an index with \`concurrently: true\`, takes its migration out of it; so does \`transaction: false\`. MySQL and MariaDB commit each statement. Without a transaction each statement is journalled, so that a run that was killed goes on where it stopped.

\`afterBegin(m)\` and \`beforeCommit(m)\` of a migration or a repo are recorded inside the transaction, around the rest, in both directions.

## Code

\`m.run\` gives \`db.query(sql, parameters)\`, \`db.change(sql, parameters)\` (how many rows it changed) and \`db.execute(sql)\`, on the connection and in the transaction of the migration. Code must not end that transaction: a \`COMMIT\` or a \`ROLLBACK\` of its own fails the migration with [\`transaction_broken\`](errors.md), because what it committed cannot be rolled back with the rest. Migrations of Knex and Kysely run [as they are](moving-from.md). To take back a part, write a savepoint: \`db.execute("savepoint part")\`, and \`release savepoint part\` or \`rollback to savepoint part\`. For code that must commit in between, say \`transaction: false\` and end each transaction that it begins, or write a [backfill](backfill.md).

Libraries begin and commit on the connection that they get:

| library | what ends the transaction | write instead |
|---|---|---|
| Kysely | \`db.transaction()\` of a driver of yours that sends \`begin\` and \`commit\` | a driver over \`db.query\` whose \`beginTransaction\`, \`commitTransaction\` and \`rollbackTransaction\` send \`savepoint x\`, \`release savepoint x\` and \`rollback to savepoint x\` |
| Drizzle | \`db.transaction()\` of \`drizzle-orm/node-postgres\`, which sends \`begin\` and \`commit\`; over \`drizzle-orm/pg-proxy\` it throws before it sends anything | \`drizzle(clientOver(db))\` |
| Knex | the outermost \`knex.transaction()\`, which sends \`BEGIN;\` | a client of yours that extends \`knex/lib/dialects/postgres\` and whose \`acquireConnection\` gives \`clientOver(db)\` with a \`__knexUid\`; or \`db.query(sql, bindings)\` with what \`knex(…).toSQL().toNative()\` gives |
| TypeORM | a \`DataSource\` with a URL has connections of its own: what it changes stays when the migration is rolled back, and it waits for what the migration has locked | \`new DataSource({ type: "postgres", driver: { Pool } })\`, where \`connect(done)\` of your \`Pool\` calls \`done(undefined, clientOver(db), () => {})\` |
| Prisma | its adapters are connections of their own, as TypeORM's | \`db.query\` with SQL |

On PostgreSQL this is \`clientOver\`: the outermost transaction of the library becomes a savepoint, and those inside of it are savepoints already.

\`\`\`ts
${clientOver}\`\`\`

## Defaults of a repo

\`\`\`ts
import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      prefix: "blog",
      primaryKey: { name: "uid", type: "uuid" },
      foreignKey: { column: "uid" },
      timestamps: { type: "utc_datetime_usec", insertedAt: "created_at" },
    },
  },
});
\`\`\`

| option | without it, as in Ecto | what \`gen release\` writes for a new project on PostgreSQL, and why |
|---|---|---|
| \`primaryKey\` | \`id\`, \`bigserial\` | \`{ type: "identity" }\`: the key's sequence belongs to its column, so rights and dumps go along |
| \`timestamps\` | \`inserted_at\` and \`updated_at\`, \`timestamp(0)\`, not null, no default: the app fills them in | \`created_at\` and \`updated_at\`, \`timestamptz\`, \`default now()\`: no query builder of TypeScript fills them in |
| \`strings\` | \`"string"\` is \`varchar(255)\` | \`{ type: "text" }\`: no limit that nobody asked for; \`size\` still gives \`varchar\` |
| \`foreignKey\` | \`id\`, and the type that fits the key | |

They count when a migration runs; what has run keeps what it made, and a stored way back is not touched. So decide before the first migration runs. \`gen release\` keeps Ecto's in a project that has a \`mix.exs\`, or migrations already; \`--defaults ecto\` and \`--defaults typescript\` say it yourself.

The prefix is a schema in PostgreSQL and a database in MySQL. One that is given at run time goes to the history table and to every operation, and an operation that names another one is refused. Else the operation's own counts, then the repo's.

## What is refused

What a database cannot do is refused by name before anything runs, with what to do instead; no option is ever silently ignored. That goes for SQLite too: what it cannot alter is done by its documented table rebuild, with rows, indexes, triggers and foreign keys kept, shown below as \`-- rebuild table\`. SQLite 3.53 and newer is asked first for what it can do in place: NOT NULL of a column, and checks. A column that a trigger needs is not dropped, and the trigger is named: SQLite would drop it, and the next write would fail. Names longer than the database takes are refused; default names are shortened with a hash.

A value must be one that SQL and JSON can hold exactly: text, a finite number, a boolean, \`null\`, a list, a plain object, a \`Date\`, bytes or \`\` sql\`…\` \`\`. A default may be a bigint too. A \`Map\`, an object of a class, a function, \`undefined\` or \`NaN\` inside of a list and the like are refused with file and line, because JSON would change them in silence.

## Operations
`;
