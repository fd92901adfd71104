/** The runner of node-pg-migrate: `node-pg-migrate.mjs postgres FOLDER`. */
/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const { runner } = await load("node-pg-migrate");

await runner({
  databaseUrl: process.env.DATABASE_URL,
  dir: process.argv[3],
  direction: "up",
  migrationsTable: "pgmigrations",
  // Else all of them are one transaction.
  singleTransaction: false,
  log: () => undefined,
});
