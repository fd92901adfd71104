/** Schemas, sequences, functions, code blocks and whole databases. */
import {
  children,
  flag,
  listOf,
  names,
  stringsOf,
  type Tree,
  type TreeNode,
  word,
} from "../sql/tree.ts";
import { olderThanFile, type Scene } from "./scene.ts";
import { functionTraits, inlinableBody } from "./volatility.ts";

/** Carries out a statement that is inside another. */
type Perform = (node: TreeNode, scene: Scene) => undefined;

export function createSchema(statement: Tree, scene: Scene, perform: Perform): undefined {
  const name = word(statement, "schemaname") ?? "";
  if (!scene.catalog.schemas.has(name)) scene.catalog.schemas.set(name, scene.origin);
  const before = scene.catalog.searchPath;
  scene.catalog.searchPath = [name, ...before];
  for (const element of children(statement, "schemaElts")) perform(element, scene);
  scene.catalog.searchPath = before;
}

export function createSequence(statement: Tree, { catalog, origin }: Scene): undefined {
  const relation = statement.sequence as Tree | undefined;
  const schema = catalog.schemaForNew(word(relation, "schemaname"));
  catalog.sequences.set(`${schema}.${word(relation, "relname")}`, { origin });
}

export function createFunction(statement: Tree, scene: Scene): undefined {
  const { catalog } = scene;
  const [name = "", given] = [...names(statement, "funcname")].reverse();
  if (flag(statement, "is_procedure")) return;
  const traits = functionTraits(children(statement, "options"));
  const text = stringsOf(
    children(statement, "options").find(({ tree }) => tree.defname === "as")?.tree.arg,
  )[0];
  const parsed = traits.language === "sql" && text !== undefined ? scene.parse(text) : undefined;
  catalog.functions.set(`${catalog.schemaForNew(given)}.${name}`, {
    ...traits,
    body: parsed === undefined ? undefined : inlinableBody(parsed),
  });
}

/** What a DO block says in plain SQL runs, all in one transaction; what it puts together at run time is not seen. */
export function doBlock(statement: Tree, scene: Scene, perform: Perform): undefined {
  scene.emit({ kind: "opaque code", words: "DO" });
  const options = listOf(statement.args);
  const code = stringsOf(options.find(({ tree }) => tree.defname === "as")?.tree.arg)[0];
  const language = stringsOf(options.find(({ tree }) => tree.defname === "language")?.tree.arg)[0];
  if (code === undefined || (language !== undefined && language !== "plpgsql")) return;
  for (const node of scene.parseBlock(code)) perform(node, scene);
}

const refusing: { readonly [kind: string]: string } = {
  DropdbStmt: "DROP DATABASE",
  CreatedbStmt: "CREATE DATABASE",
  AlterSystemStmt: "ALTER SYSTEM",
  CreateTableSpaceStmt: "CREATE TABLESPACE",
  DropTableSpaceStmt: "DROP TABLESPACE",
};

/** What is about the whole server refuses a transaction. */
export function databaseCommand(kind: string, statement: Tree, scene: Scene): undefined {
  const words = refusing[kind] ?? kind;
  if (scene.transaction.isBlock)
    scene.emit({ kind: "fails", why: `${words} refuses a transaction`, refusesTransaction: true });
  if (kind !== "DropdbStmt") return;
  const name = word(statement, "dbname") ?? "";
  scene.emit({
    kind: "lost",
    what: "database",
    name,
    older: olderThanFile({ origin: { run: false, file: -1 } }, scene),
  });
}
