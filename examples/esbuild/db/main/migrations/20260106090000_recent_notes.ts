import { defineMigration } from "slipway";

// The SQL lies beside; the manifest carries it.
export default defineMigration({
  change(m) {
    m.executeFile("sql/recent_notes.up.sql", { down: "sql/recent_notes.down.sql" });
  },
});
