/** The floor of a short command on MariaDB: connects and asks one query. */
import { createConnection } from "mysql2";

const connection = createConnection(process.env.DATABASE_URL ?? "");
connection.query("SELECT version FROM schema_migrations WHERE version < 0", (error) => {
  if (error !== null) throw error;
  connection.end();
});
