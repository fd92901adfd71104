/** Finds what the opt-in tier objects to: the way a statement is written, not its effect. */
import { lex } from "../../sql/lexer.ts";
import {
  child,
  children,
  flag,
  listOf,
  part,
  stringsOf,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import type { Effect } from "./effect.ts";
import { exists, findTable, type Scene } from "./scene.ts";

/** Earlier statements of the same file, as far as conventions need them. */
export type ConventionMemory = {
  /** Names that were dropped if they were there, so that they may be made again. */
  readonly cleared: Set<string>;
  /** The table of the ALTER TABLE just before. */
  altered: string | undefined;
};

export function conventions(
  node: TreeNode,
  text: string,
  { scene, memory }: { readonly scene: Scene; readonly memory: ConventionMemory },
): readonly Effect[] {
  const found = [
    ...longNames(text),
    ...unqualified(node),
    ...(scene.transaction.isBlock ? [] : notRepeatable(node, memory)),
    ...retried(node, memory),
    ...alteredAgain(node, { scene, memory }),
  ];
  remember(node, memory);
  return found;
}

/** PostgreSQL cuts a name after 63 bytes, and the parser has done so already. */
function longNames(text: string): readonly Effect[] {
  const mayBeLong = /[\x80-\uFFFF]/.test(text) ? manySigns : manyPlainSigns;
  if (!mayBeLong.test(text)) return [];
  const encoder = new TextEncoder();
  return [...lex(text, "postgres")].flatMap((token): readonly Effect[] => {
    if (token.kind !== "word" && token.kind !== "name") return [];
    const name =
      token.kind === "name" ? token.text.replace(/^"|"$/g, "").replaceAll('""', '"') : token.text;
    return encoder.encode(name).length > 63 ? [{ kind: "name too long", name }] : [];
  });
}

/** Looked for first, because hardly any text has them. A sign beyond ASCII has three bytes at most. */
const manyPlainSigns = /[\w$]{64}|"(?:[^"]|""){64}/;
const manySigns = /[\w$\x80-\uFFFF]{22}|"(?:[^"]|""){22}/;

function unqualified({ kind, tree }: TreeNode): readonly Effect[] {
  const relation =
    kind === "CreateTableAsStmt" ? part(part(tree, "into"), "rel") : part(tree, "relation");
  if (
    kind === "CreateStmt" ||
    kind === "CreateTableAsStmt" ||
    (kind === "AlterTableStmt" && tree.objtype === "OBJECT_TABLE") ||
    isTableRename(kind, tree)
  ) {
    if (
      relation === undefined ||
      relation.relpersistence === "t" ||
      word(relation, "schemaname") !== undefined
    )
      return [];
    return [{ kind: "unqualified", name: word(relation, "relname") ?? "" }];
  }
  if (kind !== "DropStmt" || tree.removeType !== "OBJECT_TABLE") return [];
  return listOf(tree.objects)
    .map((object) => stringsOf({ [object.kind]: object.tree }))
    .filter((path) => path.length === 1)
    .map(([name = ""]) => ({ kind: "unqualified", name }));
}

function isTableRename(kind: string, tree: Tree): boolean {
  return (
    kind === "RenameStmt" &&
    (tree.renameType === "OBJECT_TABLE" || tree.relationType === "OBJECT_TABLE")
  );
}

/** Outside of a transaction a file that failed half way is run again from its start. */
function notRepeatable(node: TreeNode, memory: ConventionMemory): readonly Effect[] {
  const { kind, tree } = node;
  const says = (words: string, fix: string): readonly Effect[] => [
    { kind: "not repeatable", words, fix },
  ];
  switch (kind) {
    case "CreateStmt": {
      const isTemporary = part(tree, "relation")?.relpersistence === "t";
      return flag(tree, "if_not_exists") || isTemporary
        ? []
        : says("CREATE TABLE", "IF NOT EXISTS");
    }
    case "IndexStmt": {
      const name = word(tree, "idxname");
      if (flag(tree, "if_not_exists") || (name !== undefined && memory.cleared.has(name)))
        return [];
      return says("CREATE INDEX", "IF NOT EXISTS");
    }
    case "DropStmt":
      if (
        flag(tree, "missing_ok") ||
        !/^OBJECT_(TABLE|INDEX|TYPE|VIEW|SEQUENCE|SCHEMA)$/.test(String(tree.removeType))
      )
        return [];
      return says(`DROP ${String(tree.removeType).replace("OBJECT_", "")}`, "IF EXISTS");
    case "AlterTableStmt":
      return children(tree, "cmds").flatMap((command) => ofSubcommand(command.tree, memory, says));
    default:
      return [];
  }
}

function ofSubcommand(
  command: Tree,
  memory: ConventionMemory,
  says: (words: string, fix: string) => readonly Effect[],
): readonly Effect[] {
  const isGuarded = flag(command, "missing_ok");
  switch (word(command, "subtype")) {
    case "AT_AddColumn":
      return isGuarded ? [] : says("ADD COLUMN", "IF NOT EXISTS");
    case "AT_DropColumn":
      return isGuarded ? [] : says("DROP COLUMN", "IF EXISTS");
    case "AT_DropConstraint":
      return isGuarded ? [] : says("DROP CONSTRAINT", "IF EXISTS");
    case "AT_AddConstraint": {
      const name = word(child(command, "def")?.tree, "conname");
      return name !== undefined && memory.cleared.has(name)
        ? []
        : says("ADD CONSTRAINT", "DROP CONSTRAINT IF EXISTS before it");
    }
    default:
      return [];
  }
}

/** IF NOT EXISTS is content with the INVALID index that a failed build has left. */
function retried({ kind, tree }: TreeNode, memory: ConventionMemory): readonly Effect[] {
  const name = word(tree, "idxname");
  if (kind !== "IndexStmt" || !flag(tree, "concurrent") || !flag(tree, "if_not_exists")) return [];
  return name === undefined || memory.cleared.has(name)
    ? []
    : [{ kind: "invalid index kept", index: name }];
}

/** VALIDATE is better alone: it is long. */
function alteredAgain(
  { kind, tree }: TreeNode,
  { scene, memory }: { readonly scene: Scene; readonly memory: ConventionMemory },
): readonly Effect[] {
  const table = alteredTable({ kind, tree });
  const known = kind === "AlterTableStmt" ? findTable(part(tree, "relation"), scene) : undefined;
  if (table === undefined || known === undefined || !exists(known) || table !== memory.altered)
    return [];
  return [{ kind: "altered again", table: known }];
}

function alteredTable({ kind, tree }: TreeNode): string | undefined {
  if (kind !== "AlterTableStmt" || tree.objtype !== "OBJECT_TABLE") return undefined;
  const long = children(tree, "cmds").some((one) =>
    /Validate|AttachPartition|DetachPartition/.test(String(one.tree.subtype)),
  );
  const relation = part(tree, "relation");
  return long
    ? undefined
    : `${word(relation, "schemaname") ?? "public"}.${word(relation, "relname")}`;
}

function remember(node: TreeNode, memory: ConventionMemory): undefined {
  const { kind, tree } = node;
  memory.altered = alteredTable(node);
  if (kind === "DropStmt" && flag(tree, "missing_ok"))
    for (const object of listOf(tree.objects))
      memory.cleared.add(stringsOf({ [object.kind]: object.tree }).at(-1) ?? "");
  if (kind !== "AlterTableStmt") return;
  for (const command of children(tree, "cmds")) {
    if (command.tree.subtype === "AT_DropConstraint" && flag(command.tree, "missing_ok"))
      memory.cleared.add(word(command.tree, "name") ?? "");
  }
}
