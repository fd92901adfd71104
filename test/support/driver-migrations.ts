/** Three migrations, with a word in the middle of the second one: what the faults of a driver run. */
import type { Adapter } from "../../src/adapters/adapter.ts";
import { defineMigration, defineRelease, silent } from "../../src/index.ts";

/** A release over the adapter; `inside` is called in the transaction of the second migration, between two rows. */
export function driverRelease(adapter: Adapter, inside: () => Promise<unknown> = async () => {}) {
  const migrations = {
    "1_a": defineMigration({
      change: (m) => m.createTable("a", (t) => t.column("title", "text")),
    }),
    "2_b": defineMigration({
      up: (m) => {
        m.execute("INSERT INTO a (title) VALUES ('one')");
        m.run(async () => void (await inside()));
        m.execute("INSERT INTO a (title) VALUES ('two')");
      },
      down: (m) => m.execute("DELETE FROM a"),
    }),
    "3_c": defineMigration({
      change: (m) => m.createTable("c", (t) => t.column("title", "text")),
    }),
  };
  const repos = { main: { adapter, migrations } };
  return defineRelease({ app: "app", version: "1", repos }).using({ emit: silent });
}
