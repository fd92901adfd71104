/** postgres-migrations, as its page shows it: `postgres-migrations.mjs postgres FOLDER`. */
/** @type {(name: string) => Promise<any>} The packages are in a folder of the bench's own, without their types here. */
const load = (name) => import(name);
const { default: pg } = await load("pg");
const { migrate } = await load("postgres-migrations");

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await migrate({ client }, process.argv[3]);
await client.end();
