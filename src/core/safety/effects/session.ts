/** Settings of a session, as SET, RESET and set_config change them. */
import { child, children, constantOf, flag, names, type TreeNode, word } from "../../sql/tree.ts";

export class SessionSettings {
  #session: Map<string, string>;
  #local = new Map<string, string>();
  readonly #defaults: ReadonlyMap<string, string>;

  constructor(defaults: ReadonlyMap<string, string>) {
    this.#defaults = defaults;
    this.#session = new Map(defaults);
  }

  /** What holds now. */
  current(): ReadonlyMap<string, string> {
    return new Map([...this.#session, ...this.#local]);
  }

  /** What was set for the transaction is gone with it. */
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
