import type { ForeignHistory } from "./foreign-history.ts";
import { withEndings } from "./key.ts";

/** Sequelize and umzug: the name of the file with its ending. */
export const sequelize: ForeignHistory = {
  tool: "sequelize",
  label: "Sequelize (umzug)",
  table: { name: "SequelizeMeta", has: ["name"] },
  columns: ["name"],
  order: ["name"],
  says: ({ name }) => (name === undefined ? undefined : { key: name, state: "applied" }),
  keys: withEndings,
};
