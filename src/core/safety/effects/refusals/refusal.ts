/** Foretells certain refusals from the catalog, before anything is carried out. */
import { type TreeNode, word } from "../../../sql/tree.ts";
import type { Scene } from "../scene.ts";
import { alterTableRefusal } from "./alter-table.ts";
import { partitionRefusal } from "./attach.ts";
import { createDomainRefusal } from "./domain.ts";
import { dropRefusal } from "./drop.ts";
import { createIndexRefusal } from "./index.ts";
import {
  alterDomainRefusal,
  alterEnumRefusal,
  alterTypeRefusal,
  compositeRefusal,
  ownerRefusal,
  renameRefusal,
  setSchemaRefusal,
} from "./named.ts";
import {
  alterPolicyRefusal,
  policyRefusal,
  renameOfTableRefusal,
  ruleRefusal,
  triggerRefusal,
  truncateRefusal,
} from "./of-table.ts";
import { relationNamed } from "./relation.ts";
import { wrongKind } from "./relation-kinds.ts";
import { viewRefusal } from "./view.ts";

/** Why the server refuses the statement, whatever the rows; `undefined` where the model is not certain. */
export function refusalOf({ kind, tree }: TreeNode, scene: Scene): string | undefined {
  switch (kind) {
    case "AlterTableStmt":
      return word(tree, "objtype") === "OBJECT_TYPE"
        ? compositeRefusal(tree, scene)
        : alterTableRefusal(tree, scene);
    case "IndexStmt":
      return createIndexRefusal(tree, scene);
    case "RenameStmt":
      return /^OBJECT_(TRIGGER|POLICY|RULE)$/.test(word(tree, "renameType") ?? "")
        ? renameOfTableRefusal(tree, scene)
        : renameRefusal(tree, scene);
    case "RuleStmt":
      return ruleRefusal(tree, scene);
    case "CreateDomainStmt":
      return createDomainRefusal(tree, scene);
    case "ViewStmt":
      return viewRefusal(tree, scene);
    case "AlterObjectSchemaStmt":
      return setSchemaRefusal(tree, scene);
    case "AlterOwnerStmt":
      return ownerRefusal(tree, scene);
    case "DropStmt":
      return dropRefusal(tree, scene);
    case "AlterTypeStmt":
      return alterTypeRefusal(tree, scene);
    case "AlterEnumStmt":
      return alterEnumRefusal(tree, scene);
    case "AlterDomainStmt":
      return alterDomainRefusal(tree, scene);
    case "CreateStmt":
      return partitionRefusal(tree, scene);
    case "CreateTrigStmt":
      return triggerRefusal(tree, scene);
    case "CreatePolicyStmt":
      return policyRefusal(tree, scene);
    case "AlterPolicyStmt":
      return alterPolicyRefusal(tree, scene);
    case "TruncateStmt":
      return truncateRefusal(tree, scene);
    case "AlterSeqStmt": {
      const sequence = tree.sequence as typeof tree | undefined;
      const found = relationNamed(sequence, scene);
      if (found === "missing")
        return tree.missing_ok === true
          ? undefined
          : `there is no sequence ${word(sequence, "relname")}`;
      return found === undefined ? undefined : wrongKind("OBJECT_SEQUENCE", found.kind, found.name);
    }
    default:
      return undefined;
  }
}
