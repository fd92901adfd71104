/** Every rule, in the order in which they are told. A new one is one line. */
import { addCheckScan } from "./add-check-scan.ts";
import { addColumnRequired } from "./add-column-required.ts";
import { addColumnRewrite } from "./add-column-rewrite.ts";
import { addExclusionConstraint } from "./add-exclusion-constraint.ts";
import { addFkScan } from "./add-fk-scan.ts";
import { addPrimaryKeyWithoutIndex } from "./add-primary-key-without-index.ts";
import { addUniqueWithoutIndex } from "./add-unique-without-index.ts";
import { attachPartitionScan } from "./attach-partition-scan.ts";
import { cascade } from "./cascade.ts";
import { changeColumnType } from "./change-column-type.ts";
import { concurrentlyInTransaction } from "./concurrently-in-transaction.ts";
import { detachPartitionNotConcurrent } from "./detach-partition-not-concurrent.ts";
import { disableAllTriggers } from "./disable-all-triggers.ts";
import { domainConstraintScan } from "./domain-constraint-scan.ts";
import { dropColumn } from "./drop-column.ts";
import { dropDatabase } from "./drop-database.ts";
import { dropIndexNotConcurrent } from "./drop-index-not-concurrent.ts";
import { dropPrimaryKey } from "./drop-primary-key.ts";
import { dropSchema } from "./drop-schema.ts";
import { dropTable } from "./drop-table.ts";
import { enumValueUsedInTransaction } from "./enum-value-used-in-transaction.ts";
import { indexNotConcurrent } from "./index-not-concurrent.ts";
import { lockTable } from "./lock-table.ts";
import { multiTableLock } from "./multi-table-lock.ts";
import { refreshMatviewNotConcurrent } from "./refresh-matview-not-concurrent.ts";
import { reindexNotConcurrent } from "./reindex-not-concurrent.ts";
import { renameColumn } from "./rename-column.ts";
import { renameEnumValue } from "./rename-enum-value.ts";
import { renameSchema } from "./rename-schema.ts";
import { renameTable } from "./rename-table.ts";
import { replaceIndexOrder } from "./replace-index-order.ts";
import type { Rule } from "./rule.ts";
import { setNotNullScan } from "./set-not-null-scan.ts";
import { syntaxError } from "./syntax-error.ts";
import { tableRewriteCommand } from "./table-rewrite-command.ts";
import { transactionControl } from "./transaction-control.ts";
import { truncate } from "./truncate.ts";
import { unbatchedDml } from "./unbatched-dml.ts";
import { validateInSameTransaction } from "./validate-in-same-transaction.ts";
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
  refreshMatviewNotConcurrent,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  renameSchema,
  renameTable,
  replaceIndexOrder,
  setNotNullScan,
  syntaxError,
  tableRewriteCommand,
  transactionControl,
  truncate,
  unbatchedDml,
  validateInSameTransaction,
  willFail,
  workAfterExclusiveLock,
];
