/** The catalog of MariaDB and MySQL, one row per object of every database that a user made. */
export const mysqlCatalogSql = `
WITH spaces AS (
  SELECT SCHEMA_NAME AS space FROM information_schema.SCHEMATA
  WHERE SCHEMA_NAME NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
)
SELECT 'schema' AS what, space AS name, JSON_OBJECT() AS facts FROM spaces
UNION ALL
SELECT LOWER(TABLE_TYPE), CONCAT(space, '.', TABLE_NAME),
    JSON_OBJECT('engine', ENGINE, 'collation', TABLE_COLLATION, 'options', CREATE_OPTIONS, 'comment', TABLE_COMMENT)
  FROM information_schema.TABLES JOIN spaces ON space = TABLE_SCHEMA
UNION ALL
SELECT 'column', CONCAT(space, '.', TABLE_NAME, '.', COLUMN_NAME),
    JSON_OBJECT('position', ORDINAL_POSITION, 'type', COLUMN_TYPE, 'nullable', IS_NULLABLE, 'default', COLUMN_DEFAULT,
      'extra', EXTRA, 'generated', GENERATION_EXPRESSION, 'collation', COLLATION_NAME, 'comment', COLUMN_COMMENT)
  FROM information_schema.COLUMNS JOIN spaces ON space = TABLE_SCHEMA
UNION ALL
SELECT 'index', CONCAT(space, '.', TABLE_NAME, '.', INDEX_NAME),
    JSON_OBJECT('unique', MIN(1 - NON_UNIQUE), 'type', MIN(INDEX_TYPE), 'comment', MIN(INDEX_COMMENT),
      'columns', GROUP_CONCAT(COLUMN_NAME, ' ', COALESCE(COLLATION, ''), ' ', COALESCE(SUB_PART, '') ORDER BY SEQ_IN_INDEX))
  FROM information_schema.STATISTICS JOIN spaces ON space = TABLE_SCHEMA GROUP BY space, TABLE_NAME, INDEX_NAME
UNION ALL
SELECT 'constraint', CONCAT(space, '.', c.TABLE_NAME, '.', c.CONSTRAINT_NAME),
    JSON_OBJECT('type', MIN(CONSTRAINT_TYPE),
      'columns', GROUP_CONCAT(COLUMN_NAME, ' ', COALESCE(CONCAT(REFERENCED_TABLE_SCHEMA, '.', REFERENCED_TABLE_NAME, '.',
        REFERENCED_COLUMN_NAME), '') ORDER BY ORDINAL_POSITION))
  FROM information_schema.TABLE_CONSTRAINTS c JOIN spaces ON space = c.TABLE_SCHEMA
  LEFT JOIN information_schema.KEY_COLUMN_USAGE k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA
    AND k.TABLE_NAME = c.TABLE_NAME AND k.CONSTRAINT_NAME = c.CONSTRAINT_NAME
  GROUP BY space, c.TABLE_NAME, c.CONSTRAINT_NAME
UNION ALL
SELECT 'foreign key', CONCAT(space, '.', TABLE_NAME, '.', CONSTRAINT_NAME),
    JSON_OBJECT('match', MATCH_OPTION, 'onDelete', DELETE_RULE, 'onUpdate', UPDATE_RULE)
  FROM information_schema.REFERENTIAL_CONSTRAINTS JOIN spaces ON space = CONSTRAINT_SCHEMA
UNION ALL
SELECT 'check', CONCAT(space, '.', TABLE_NAME, '.', CONSTRAINT_NAME), JSON_OBJECT('clause', CHECK_CLAUSE)
  FROM information_schema.CHECK_CONSTRAINTS JOIN spaces ON space = CONSTRAINT_SCHEMA
UNION ALL
SELECT 'definition of view', CONCAT(space, '.', TABLE_NAME), JSON_OBJECT('definition', VIEW_DEFINITION)
  FROM information_schema.VIEWS JOIN spaces ON space = TABLE_SCHEMA
UNION ALL
SELECT 'trigger', CONCAT(space, '.', TRIGGER_NAME),
    JSON_OBJECT('when', CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION, ' ON ', EVENT_OBJECT_TABLE), 'body', ACTION_STATEMENT)
  FROM information_schema.TRIGGERS JOIN spaces ON space = TRIGGER_SCHEMA
UNION ALL
SELECT 'routine', CONCAT(space, '.', ROUTINE_NAME), JSON_OBJECT('type', ROUTINE_TYPE, 'body', ROUTINE_DEFINITION)
  FROM information_schema.ROUTINES JOIN spaces ON space = ROUTINE_SCHEMA
ORDER BY 1, 2`;
