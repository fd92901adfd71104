/** Settings of a session, as SET, RESET and set_config change them. */
import { child, children, constantOf, flag, names, type TreeNode, word } from "../../sql/tree.ts";
import type { Catalog } from "./catalog.ts";

export class SessionSettings {
  #session: Map<string, string>;
  #local = new Map<string, string>();
  readonly #defaults: ReadonlyMap<string, string>;

  constructor(defaults: ReadonlyMap<string, string>) {
    this.#defaults = defaults;
    this.#session = new Map(defaults);
  }

  /** The settings that hold now. */
  current(): ReadonlyMap<string, string> {
    return new Map([...this.#session, ...this.#local]);
  }

  /** Forgets the settings of the transaction, which end with it. */
  endTransaction(): void {
    this.#local.clear();
  }

  /** Reads a statement; SET LOCAL outside of a transaction does nothing. */
  read(node: TreeNode, { isBlock }: { readonly isBlock: boolean }): void {
    for (const { name, value, isLocal } of settingsIn(node)) {
      if (isLocal && !isBlock) continue;
      const map = isLocal ? this.#local : this.#session;
      if (!isLocal) this.#local.delete(name);
      const given = value ?? this.#defaults.get(name);
      if (given === undefined) map.delete(name);
      else map.set(name, given);
    }
    if (node.kind === "VariableSetStmt" && node.tree.kind === "VAR_RESET_ALL")
      this.#session = new Map(this.#defaults);
    if (node.kind === "DiscardStmt") this.#session = new Map(this.#defaults);
  }
}

type Setting = {
  readonly name: string;
  readonly value: string | undefined;
  readonly isLocal: boolean;
};

function settingsIn({ kind, tree }: TreeNode): readonly Setting[] {
  if (kind === "VariableSetStmt") {
    const values = children(tree, "args").map((node) => String(constantOf(node) ?? ""));
    const name = (word(tree, "name") ?? "").toLowerCase();
    const isSet = tree.kind === "VAR_SET_VALUE";
    return [{ name, value: isSet ? values.join(",") : undefined, isLocal: flag(tree, "is_local") }];
  }
  if (kind !== "SelectStmt") return [];
  return children(tree, "targetList").flatMap((target) => {
    const call = child(target.tree, "val");
    if (call?.kind !== "FuncCall" || names(call.tree, "funcname").at(-1) !== "set_config")
      return [];
    const [name, value, isLocal] = children(call.tree, "args").map((node) => constantOf(node));
    return [
      {
        name: String(name).toLowerCase(),
        value: String(value ?? ""),
        isLocal: isLocal === true || isLocal === "true",
      },
    ];
  });
}

/** Takes over a statement's search path. */
export function readSearchPath(node: TreeNode, catalog: Catalog): void {
  const probe = new SessionSettings(new Map());
  probe.read(node, { isBlock: true });
  if (probe.current().has("search_path")) catalog.searchPath = searchPathOf(probe.current());
}

/** The schemas in which the server looks for names; if nothing was set, the usual schema. */
export function searchPathOf(settings: ReadonlyMap<string, string>): readonly string[] {
  const places = (settings.get("search_path") ?? "")
    .split(",")
    .map((place) => place.trim().replaceAll('"', ""))
    .filter((place) => place !== "" && place !== "$user" && place !== "pg_catalog");
  return places.length === 0 ? ["public"] : places;
}

/** `ALTER DATABASE … SET timezone`: what a new session begins with. */
export function timeZoneOfDatabase({ kind, tree }: TreeNode): string | undefined {
  if (kind !== "AlterDatabaseSetStmt" && kind !== "AlterRoleSetStmt") return undefined;
  const probe = new SessionSettings(new Map());
  const set = (tree.setstmt ?? {}) as TreeNode["tree"];
  probe.read({ kind: "VariableSetStmt", tree: set }, { isBlock: true });
  return probe.current().get("timezone");
}
