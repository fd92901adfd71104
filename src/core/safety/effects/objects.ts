/** Schemas, sequences, functions, code blocks and whole databases. */
import {
  children,
  flag,
  listOf,
  names,
  part,
  stringsOf,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import { readsInBody } from "./readers.ts";
import { olderThanFile, type Scene } from "./scene.ts";
import { typeNameOf } from "./types.ts";
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
  const traits = functionTraits(children(statement, "options"));
  const text = stringsOf(
    children(statement, "options").find(({ tree }) => tree.defname === "as")?.tree.arg,
  )[0];
  if (flag(statement, "is_procedure")) {
    const key = `${catalog.schemaForNew(given)}.${name}`;
    if (/\b(?:commit|rollback)\s*(?:and\s+(?:no\s+)?chain\s*)?;/i.test(text ?? ""))
      catalog.committing.add(key);
    else catalog.committing.delete(key);
    return;
  }
  readsInBody(name, statement.sql_body, scene);
  const parsed = traits.language === "sql" && text !== undefined ? scene.parse(text) : undefined;
  const key = `${catalog.schemaForNew(given)}.${name}`;
  const parameters = parametersOf(statement);
  const before = catalog.functions.get(key);
  const isOther = before !== undefined && before.parameters !== parameters;
  catalog.functions.set(key, {
    ...traits,
    body: parsed === undefined ? undefined : inlinableBody(parsed),
    parameters,
    isOverloaded: isOther || before?.isOverloaded === true,
  });
}

function parametersOf(statement: Tree): string {
  const types = children(statement, "parameters").map(({ tree }) =>
    typeNameOf(part(tree, "argType")),
  );
  return JSON.stringify(types);
}

/** ALTER FUNCTION: how volatile it is. */
export function alterFunction(statement: Tree, { catalog }: Scene): undefined {
  const [name = "", given] = [...names(part(statement, "func"), "objname")].reverse();
  const key = catalog.keyIn(catalog.functions, name, given);
  const own = catalog.functions.get(key);
  const actions = children(statement, "actions");
  if (own === undefined || !actions.some(({ tree }) => tree.defname === "volatility")) return;
  const { volatility } = functionTraits(actions);
  catalog.functions.set(key, { ...own, volatility });
}

/**
 * Foretells the plain SQL in a DO block, which may run, all in one transaction. Its conditions
 * decide, and nobody follows those. So nothing in it is certain to fail, and afterwards nothing is
 * certain about the tables that it names.
 */
export function doBlock(statement: Tree, scene: Scene, perform: Perform): undefined {
  scene.emit({ kind: "opaque code", words: "DO" });
  const options = listOf(statement.args);
  const code = stringsOf(options.find(({ tree }) => tree.defname === "as")?.tree.arg)[0];
  const language = stringsOf(options.find(({ tree }) => tree.defname === "language")?.tree.arg)[0];
  if (code === undefined || (language !== undefined && language !== "plpgsql")) return;
  const emit: Scene["emit"] = (effect) =>
    effect.kind === "fails" ? undefined : scene.emit(effect);
  for (const node of scene.parseBlock(code)) perform(node, { ...scene, emit });
  if (!/\b(?:alter|create|drop|execute|perform|call)\b/i.test(code)) return;
  scene.catalog.hasOpaque = true;
  for (const table of scene.catalog.tables.values())
    if (code.includes(table.name)) Object.assign(table, { known: false });
}

const refusing: { readonly [kind: string]: string } = {
  DropdbStmt: "DROP DATABASE",
  CreatedbStmt: "CREATE DATABASE",
  AlterSystemStmt: "ALTER SYSTEM",
  CreateTableSpaceStmt: "CREATE TABLESPACE",
  DropTableSpaceStmt: "DROP TABLESPACE",
};

/** A procedure that commits can be called only where no transaction is open. */
export function callProcedure(statement: Tree, scene: Scene): undefined {
  scene.emit({ kind: "opaque code", words: "CALL" });
  scene.catalog.hasOpaque = true;
  const [name = "", given] = [...names(part(statement, "funccall"), "funcname")].reverse();
  const { catalog } = scene;
  const places = given === undefined ? [...catalog.searchPath, "public"] : [given];
  if (
    !scene.transaction.isBlock ||
    !places.some((place) => catalog.committing.has(`${place}.${name}`))
  )
    return;
  scene.emit({
    kind: "fails",
    why: `the procedure ${name} commits or rolls back, which it may not inside a transaction`,
    safe: ["-- slipway: transaction=false", `CALL ${name}(…);  -- in a separate file`],
  });
}

/** Resets the whole session, which PostgreSQL refuses inside a transaction. */
export function discard({ target }: Tree, { transaction, emit }: Scene): undefined {
  if (target !== "DISCARD_ALL" || !transaction.isBlock) return;
  emit({
    kind: "fails",
    why: "DISCARD ALL refuses a transaction",
    safe: ["-- slipway: transaction=false", "DISCARD ALL;  -- in a separate file"],
  });
}

/** Foretells a command about the whole server, which refuses a transaction. */
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
