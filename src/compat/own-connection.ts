/** Code that opens its own connection, past the migration's: neither its lock nor its transaction covers it. */

/** Whether the text of a function or class shows it. One that a helper in another file opens is not seen. */
export function opensConnection(code: unknown): boolean {
  if (typeof code !== "function") return false;
  const text = String(code).replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, " ");
  return made.test(text) || loaded.test(text);
}

/** As pg, mysql2, Sequelize, TypeORM, MikroORM, Kysely and Prisma make one. */
const made =
  /\bnew\s+(?:\w+\.)*(?:Client|Pool|Sequelize|DataSource|Kysely|PrismaClient)\s*\(|\bcreate(?:Connection|Pool)\s*\(|\bMikroORM\.init\s*\(/;

/** Drivers, which a migration needs for nothing else. */
const loaded =
  /\brequire\s*\(\s*["'`](?:pg|pg-promise|postgres|mysql2?|mysql2\/promise|mariadb|better-sqlite3|sqlite3|node:sqlite)["'`]/;
