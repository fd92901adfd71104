/** The head of docs/migrations.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** As test/faults/libraries.test.ts runs it. */
const clientOver = readFileSync(
  join(import.meta.dirname, "../test/faults/support/client-over.ts"),
  "utf8",
).replace("../../../src/index.ts", "slipway");

export const migrationsIntro = `# Migrations

A migration is a file that describes one change of your schema. You write the change once; Slipway derives the SQL for your database and the way back.

Looking for one operation? Go to [the table of operations](#operations).

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
    m.createIndexConcurrently("posts", ["author_id"]);
  },
});
\`\`\`

The file name is the identity of the migration: a version, and a name for people. You can also write a migration [in SQL](sql-files.md).

### Let Slipway write the file

\`\`\`sh
npx slipway gen migration create_posts title:string! author:references:users
\`\`\`

Slipway reads the name and the columns behind it. \`!\` means not null; \`:index\` and \`:unique\` add an index. These names work too:

| name | what you get |
|---|---|
| \`create_posts title:string!\` | a new table |
| \`add_slug_to_posts slug:string:unique\` | a new column, with an index |
| \`remove_slug_from_posts\` | a column that goes |
| \`add_index_to_posts_on_slug\` | an index |
| \`rename_title_to_heading_in_posts\` | a new name for a column |
| \`rename_posts_to_articles\` | a new name for a table |
| \`backfill_posts_slug\` | a data migration |

For a table that already exists, Slipway writes the [safe form](safe-forms.md).

## change, up, down

- \`change(m)\` describes the change once. Going down, Slipway reverses its operations, last one first.
- \`up(m)\` and \`down(m)\` describe both ways yourself. Each wins over \`change\` in its direction.
- \`m\` only records. It is synchronous and does not see the database, so Slipway can check everything before the first statement runs. Read the direction and the prefix of the run from \`m.direction\` and \`m.prefix\`.
- To destroy something, describe what you destroy with \`was\`. Without it, Slipway refuses to go down and shows you the line: see [what cannot be undone](#what-cannot-be-undone).
- To do something that needs the database, write [\`m.run(async (db) => { … }, { down })\`](operations/run.md). Slipway calls it in its place among the operations.

If you misspell an option or a type, your editor shows it. In JavaScript, Slipway refuses it with the line and the word that you meant.

To use your own enum or domain as a type, write it with its schema: \`"public.mood"\`. Or tell TypeScript its name once: \`declare module "slipway" { interface CustomTypes { mood: true } }\`. Then \`"mood"\` compiles too.

## Transactions

On PostgreSQL and SQLite, Slipway runs all operations of a migration and writes its history row in one transaction. Either all of it happens, or nothing.

Three things run without that transaction:

- a migration with an operation that PostgreSQL refuses in a transaction, such as a concurrent index;
- a migration with \`transaction: false\`;
- every migration on MySQL and MariaDB, which commit each statement.

There Slipway writes each finished statement into a journal. If the process dies, the next run continues where it stopped.

To add operations around a migration, inside its transaction and in both directions, write \`afterBegin(m)\` and \`beforeCommit(m)\` in the migration or in the repo.

## Code

[\`m.run\`](operations/run.md) gives you the connection of the migration, inside its transaction:

| method | what it does |
|---|---|
| \`db.query(sql, parameters)\` | returns the rows |
| \`db.change(sql, parameters)\` | returns how many rows changed |
| \`db.execute(sql)\` | runs one or more statements |

Do not send \`COMMIT\` or \`ROLLBACK\` in your code. It would end the migration's transaction, and Slipway could not roll back what you committed. The migration then fails with [\`transaction_broken\`](errors.md). Use a savepoint to take back a part: \`savepoint part\`, then \`release savepoint part\` or \`rollback to savepoint part\`. If you must commit in between, set \`transaction: false\` and end each transaction that you begin, or write a [backfill](backfill.md).

### Use a library in your code

Migrations of Knex and Kysely [run as they are](moving-from.md). Inside \`m.run\`, take care: a library begins and commits on the connection that you give it.

| library | which call ends the transaction | write this instead |
|---|---|---|
| Kysely | \`db.transaction()\`, if your driver sends \`begin\` and \`commit\` | a driver over \`db.query\` whose \`beginTransaction\`, \`commitTransaction\` and \`rollbackTransaction\` send \`savepoint x\`, \`release savepoint x\` and \`rollback to savepoint x\` |
| Drizzle | \`db.transaction()\` of \`drizzle-orm/node-postgres\` sends \`begin\` and \`commit\`. Over \`drizzle-orm/pg-proxy\` it throws before it sends anything. | \`drizzle(clientOver(db))\` |
| Knex | the outermost \`knex.transaction()\` sends \`BEGIN;\` | your own client that extends \`knex/lib/dialects/postgres\` and whose \`acquireConnection\` returns \`clientOver(db)\` with a \`__knexUid\`; or \`db.query(sql, bindings)\` with the result of \`knex(…).toSQL().toNative()\` |
| TypeORM | a \`DataSource\` with a URL opens its own connections. Its changes stay when the migration rolls back, and it waits for locks of the migration. | \`new DataSource({ type: "postgres", driver: { Pool } })\`, where \`connect(done)\` of your \`Pool\` calls \`done(undefined, clientOver(db), () => {})\` |
| Prisma | its adapters open their own connections, like TypeORM | \`db.query\` with SQL |

Copy this \`clientOver\` for PostgreSQL. It turns the library's outermost transaction into a savepoint. The inner ones are savepoints already.

\`\`\`ts
${clientOver}\`\`\`

## Defaults of a repo

Set once what \`t.id()\`, \`t.timestamps()\` and \`t.references()\` mean:

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

| option | without it, as in Ecto | \`gen release\` writes for a new project on PostgreSQL | why |
|---|---|---|---|
| \`primaryKey\` | \`id\`, \`bigserial\` | \`{ type: "identity" }\` | the sequence belongs to its column, so rights and dumps include it |
| \`timestamps\` | \`inserted_at\` and \`updated_at\`, \`timestamp(0)\`, not null; your app fills them in | \`created_at\` and \`updated_at\`, \`timestamptz\`, \`default now()\` | no query builder of TypeScript fills them in |
| \`strings\` | \`"string"\` is \`varchar(255)\` | \`{ type: "text" }\` | no limit that nobody asked for; \`size\` still gives \`varchar\` |
| \`foreignKey\` | \`id\`, and the type that fits the key | | |

Decide before your first migration runs. The defaults count when a migration runs; they do not change a table that exists, nor a way back that Slipway has stored.

\`gen release\` keeps the defaults of Ecto in a project that has a \`mix.exs\` or migrations. To choose yourself, pass \`--defaults ecto\` or \`--defaults typescript\`.

### Prefixes

A prefix is a schema in PostgreSQL and a database in MySQL and MariaDB. Slipway looks in this order:

1. the prefix that you give at run time. It applies to the history table and to every operation; Slipway refuses an operation that names another one;
2. the prefix of the operation;
3. the prefix of the repo.

## What is refused

If your database cannot do something, Slipway says so before anything runs, and tells you how to write it instead. It never ignores an option silently.

- **SQLite** cannot alter everything. Slipway then rebuilds the table as SQLite's manual describes, and keeps rows, indexes, triggers and foreign keys. The pages show this as \`-- rebuild table\`. On SQLite 3.53 and newer, Slipway changes NOT NULL and checks in place. It does not drop a column that a trigger needs, because the next write would fail; it names the trigger.
- **Names** that are too long for the database are refused. Slipway shortens its own default names with a hash.
- **Values** must be ones that SQL and JSON hold exactly: text, a finite number, a boolean, \`null\`, a list, a plain object, a \`Date\`, bytes or \`\` sql\`…\` \`\`. A default may also be a bigint. Slipway refuses a \`Map\`, an object of a class, a function, \`undefined\` or \`NaN\`, with file and line, because JSON would change them silently.

## Operations

Each page shows an example, the SQL on each database, how Slipway rolls it back, the locks that PostgreSQL takes, and every option. The tests run each example up, down and up again on PostgreSQL, MariaDB and SQLite, and compare the schema each time. The SQL is for MySQL 8.4 and MariaDB 10.11.

About locks on the other databases: SQLite has one writer at a time, so others wait until your migration ends. MySQL and MariaDB change most tables while others write; [the rules for them](rules/README.md) name the changes that do not.
`;
