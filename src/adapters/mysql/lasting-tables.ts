/** Tables of engines that cannot roll back. https://mariadb.com/kb/en/information-schema-engines-table/ */
export const lastingTablesSql =
  "SELECT t.table_name AS name, t.engine AS engine FROM information_schema.tables AS t JOIN information_schema.engines AS e ON e.engine = t.engine WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND e.transactions <> 'YES' ORDER BY 1";
