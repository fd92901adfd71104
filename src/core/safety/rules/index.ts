/** Every rule, in the order in which they are told. A new one is one line. */
import { addCheckScan } from "./add-check-scan.ts";
import { addColumnRequired } from "./add-column-required.ts";
import { addColumnRewrite } from "./add-column-rewrite.ts";
import { addExclusionConstraint } from "./add-exclusion-constraint.ts";
import { addFkScan } from "./add-fk-scan.ts";
import { addPrimaryKeyWithoutIndex } from "./add-primary-key-without-index.ts";
import { addUniqueWithoutIndex } from "./add-unique-without-index.ts";
import { attachPartitionScan } from "./attach-partition-scan.ts";
import { banChar } from "./ban-char.ts";
import { cascade } from "./cascade.ts";
import { changeColumnType } from "./change-column-type.ts";
import { combineAlterTables } from "./combine-alter-tables.ts";
import { concurrentlyInTransaction } from "./concurrently-in-transaction.ts";
import { createEnum } from "./create-enum.ts";
import { detachPartitionNotConcurrent } from "./detach-partition-not-concurrent.ts";
import { disableAllTriggers } from "./disable-all-triggers.ts";
import { domainConstraintScan } from "./domain-constraint-scan.ts";
import { domainWithConstraint } from "./domain-with-constraint.ts";
import { dropColumn } from "./drop-column.ts";
import { dropDatabase } from "./drop-database.ts";
import { dropIndexNotConcurrent } from "./drop-index-not-concurrent.ts";
import { dropNotNull } from "./drop-not-null.ts";
import { dropPrimaryKey } from "./drop-primary-key.ts";
import { dropSchema } from "./drop-schema.ts";
import { dropTable } from "./drop-table.ts";
import { enumOrdering } from "./enum-ordering.ts";
import { enumValueUsedInTransaction } from "./enum-value-used-in-transaction.ts";
import { fkMissingIndex } from "./fk-missing-index.ts";
import { fkTypeMismatch } from "./fk-type-mismatch.ts";
import { identifierTooLong } from "./identifier-too-long.ts";
import { indexNotConcurrent } from "./index-not-concurrent.ts";
import { invalidIndexRetry } from "./invalid-index-retry.ts";
import { lockTable } from "./lock-table.ts";
import { missingLockTimeout } from "./missing-lock-timeout.ts";
import { missingStatementTimeout } from "./missing-statement-timeout.ts";
import { multiTableLock } from "./multi-table-lock.ts";
import { mysqlCopyBlocksWrites } from "./mysql-copy-blocks-writes.ts";
import { mysqlInplaceBlocksWrites } from "./mysql-inplace-blocks-writes.ts";
import { mysqlTableRebuild } from "./mysql-table-rebuild.ts";
import { notNullNotValidated } from "./not-null-not-validated.ts";
import { opaqueCode } from "./opaque-code.ts";
import { preferBigintKey } from "./prefer-bigint-key.ts";
import { preferIdentity } from "./prefer-identity.ts";
import { preferJsonb } from "./prefer-jsonb.ts";
import { preferText } from "./prefer-text.ts";
import { preferTimestamptz } from "./prefer-timestamptz.ts";
import { publishedAddColumn } from "./published-add-column.ts";
import { publishedColumnType } from "./published-column-type.ts";
import { publishedDropColumn } from "./published-drop-column.ts";
import { publishedRename } from "./published-rename.ts";
import { publishedReplicaIdentity } from "./published-replica-identity.ts";
import { publishedTruncate } from "./published-truncate.ts";
import { refreshMatviewNotConcurrent } from "./refresh-matview-not-concurrent.ts";
import { reindexNotConcurrent } from "./reindex-not-concurrent.ts";
import { renameColumn } from "./rename-column.ts";
import { renameEnumValue } from "./rename-enum-value.ts";
import { renameSchema } from "./rename-schema.ts";
import { renameTable } from "./rename-table.ts";
import { replaceIndexOrder } from "./replace-index-order.ts";
import { robustStatements } from "./robust-statements.ts";
import type { Rule } from "./rule.ts";
import { schemaQualified } from "./schema-qualified.ts";
import { setNotNullScan } from "./set-not-null-scan.ts";
import { sqlitePragmaInTransaction } from "./sqlite-pragma-in-transaction.ts";
import { statisticsLost } from "./statistics-lost.ts";
import { syntaxError } from "./syntax-error.ts";
import { tableRewriteCommand } from "./table-rewrite-command.ts";
import { transactionControl } from "./transaction-control.ts";
import { triggerChange } from "./trigger-change.ts";
import { truncate } from "./truncate.ts";
import { unbatchedDml } from "./unbatched-dml.ts";
import { validateInSameTransaction } from "./validate-in-same-transaction.ts";
import { wideIndex } from "./wide-index.ts";
import { willFail } from "./will-fail.ts";
import { workAfterExclusiveLock } from "./work-after-exclusive-lock.ts";

export const rules: readonly Rule[] = [
  addCheckScan,
  addColumnRequired,
  addColumnRewrite,
  addExclusionConstraint,
  addFkScan,
  addPrimaryKeyWithoutIndex,
  addUniqueWithoutIndex,
  attachPartitionScan,
  cascade,
  changeColumnType,
  concurrentlyInTransaction,
  detachPartitionNotConcurrent,
  disableAllTriggers,
  domainConstraintScan,
  dropColumn,
  dropDatabase,
  dropIndexNotConcurrent,
  dropPrimaryKey,
  dropSchema,
  dropTable,
  enumValueUsedInTransaction,
  indexNotConcurrent,
  lockTable,
  multiTableLock,
  notNullNotValidated,
  publishedAddColumn,
  publishedColumnType,
  publishedDropColumn,
  publishedRename,
  publishedReplicaIdentity,
  publishedTruncate,
  refreshMatviewNotConcurrent,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  renameSchema,
  renameTable,
  replaceIndexOrder,
  setNotNullScan,
  statisticsLost,
  syntaxError,
  tableRewriteCommand,
  transactionControl,
  truncate,
  unbatchedDml,
  validateInSameTransaction,
  willFail,
  workAfterExclusiveLock,
  mysqlCopyBlocksWrites,
  mysqlInplaceBlocksWrites,
  sqlitePragmaInTransaction,
  banChar,
  combineAlterTables,
  createEnum,
  domainWithConstraint,
  dropNotNull,
  enumOrdering,
  fkMissingIndex,
  fkTypeMismatch,
  identifierTooLong,
  invalidIndexRetry,
  missingLockTimeout,
  missingStatementTimeout,
  mysqlTableRebuild,
  opaqueCode,
  preferBigintKey,
  preferIdentity,
  preferJsonb,
  preferText,
  preferTimestamptz,
  robustStatements,
  schemaQualified,
  triggerChange,
  wideIndex,
];
