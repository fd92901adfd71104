import { Release } from "@acme/db";

// An app of the monorepo does not start on a database that is behind.
await Release.assertMigrated();
console.log("ready");
