/** Walks through scripts as the server would, and tells what each statement does to those who use the database. */
import type { TreeNode } from "../../sql/tree.ts";
import { word } from "../../sql/tree.ts";
import { Catalog, type Origin, older, shown } from "./catalog.ts";
import { type ConventionMemory, conventions } from "./conventions.ts";
import type { Effect, EffectOf } from "./effect.ts";
import { isReplacedBy, isRequired, laterEffects, type Remembered } from "./later.ts";
import { blocksWrites } from "./lock.ts";
import { LostStatistics, type Told } from "./lost-statistics.ts";
import { perform } from "./perform.ts";
import { knowReplication, replicatedChanges } from "./replication.ts";
import { exists, type Scene } from "./scene.ts";
import type { ForetellOptions, Script, ScriptStatement, StatementEffects } from "./script.ts";
import { readSearchPath, SessionSettings, searchPathOf, timeZoneOfDatabase } from "./session.ts";
import { hasStandIn } from "./stand-in-view.ts";
import { OpenTransaction } from "./transaction.ts";

/** Foretells every statement of the scripts, in the order in which they run. */
export function foretell<Judged>(
  scripts: readonly Script[],
  options: ForetellOptions<Judged>,
): readonly StatementEffects<Judged>[] {
  const walk = new Walk(options);
  const found = scripts.flatMap((script, i) => walk.script(script, i));
  walk.lost.end();
  return found;
}

/** The state of a run: the objects built so far, the open transaction, the effects to remember. */
class Walk<Judged> {
  readonly #options: ForetellOptions<Judged>;
  #catalog: Catalog;
  readonly #defaults = new Map<string, string>();
  #transactions = 0;
  #script = -1;
  #statement = -1;
  #told: Told<Judged>[][] = [];
  #open: OpenTransaction<Judged> | undefined;
  #before: Catalog | undefined;
  /** The mark of everything that a script makes, as one object. */
  #origin: Origin = older;
  /** The scripts of one name that follow each other, where each name is a run. */
  #run: { readonly name: string | undefined; readonly origins: Origin[] } = {
    name: undefined,
    origins: [],
  };
  /** Whether it said TEMP, TEMPORARY or pg_temp. Otherwise it has no temporary objects. */
  #mayHaveTemporary = true;
  #settings = new SessionSettings(new Map());
  #conventions: ConventionMemory = { cleared: new Set(), altered: undefined };
  #remembered: Remembered = {
    indexesDropped: [],
    columnsAdded: [],
    foreignKeys: [],
  };
  readonly lost = new LostStatistics<Judged>();

  constructor(options: ForetellOptions<Judged>) {
    this.#options = options;
    this.#catalog = new Catalog({ complete: options.base !== undefined });
    if (options.published !== undefined) knowReplication(options.published, this.#catalog);
    for (const { node } of options.base ?? []) if (node !== undefined) this.#build(node);
    this.#catalog.searchPath = ["public"];
  }

  script(script: Script, number: number): readonly StatementEffects<Judged>[] {
    if (this.#options.eachIsARun === true && script.name !== this.#run.name) {
      for (const origin of this.#run.origins) Object.assign(origin, older);
      if (this.#mayHaveTemporary) this.#catalog.dropTemporary();
      this.#mayHaveTemporary = false;
      this.#run = { name: script.name, origins: [] };
    }
    this.#script = number;
    this.#origin = { run: true, file: number };
    this.#run.origins.push(this.#origin);
    this.#told = script.statements.map(() => []);
    this.#conventions = { cleared: new Set(), altered: undefined };
    this.#settings = new SessionSettings(this.#defaults);
    this.#remembered = { ...this.#remembered, columnsAdded: [], foreignKeys: [] };
    this.#catalog.searchPath = ["public"];
    const goesBack = script.statements.some(({ node }) => isRollback(node));
    if (script.inTransaction) this.#begin({ isWrapped: true, goesBack });
    for (const [i, statement] of script.statements.entries()) {
      this.#statement = i;
      this.#mayHaveTemporary ||= /temp/i.test(statement.text);
      this.#perform(statement, { goesBack });
    }
    if (this.#open !== undefined && !this.#open.isWrapped && script.statements.length > 0)
      this.#tell({ kind: "transaction control", why: "its BEGIN has no end" });
    this.#end();
    for (const { statement, effect } of laterEffects(this.#remembered, this.#catalog))
      this.#told[statement]?.push({ effect, judged: this.#options.judge(effect) });
    this.lost.endScript(this.#options.judge);
    return this.#told.map((effects, statement) => ({ script: number, statement, effects }));
  }

  /** A statement of earlier migrations: nobody waits for it any more. */
  #build(node: TreeNode): void {
    this.#transactions++;
    readSearchPath(node, this.#catalog);
    const zone = timeZoneOfDatabase(node);
    if (zone !== undefined) this.#defaults.set("timezone", zone);
    perform(node, this.#scene({ isBlock: false, origin: older, emit: () => undefined }));
  }

  #perform(
    { node, error, text }: ScriptStatement,
    { goesBack }: { readonly goesBack: boolean },
  ): undefined {
    if (node === undefined)
      return this.#tell({ kind: "unparsable", why: error ?? "it cannot be parsed" });
    if (node.kind === "TransactionStmt")
      return this.#control(word(node.tree, "kind") ?? "", { node, goesBack });
    const alone = this.#open === undefined;
    if (alone)
      this.#open = new OpenTransaction(++this.#transactions, { isBlock: false, isWrapped: false });
    const isBlock = !alone;
    this.#settings.read(node, { isBlock });
    this.#catalog.searchPath = searchPathOf(this.#settings.current());
    const scene = this.#scene({
      isBlock,
      origin: this.#origin,
      emit: (effect) => this.#take(effect),
    });
    const refused = this.#options.refused?.get(this.#script)?.get(this.#statement);
    perform(node, { ...scene, refused });
    const again = {
      scene: this.#scene({ isBlock, origin: this.#origin, emit: () => undefined }),
      memory: this.#conventions,
    };
    for (const effect of conventions(node, text, again)) this.#tell(effect);
    this.#open?.notice(this.#statement);
    if (alone) this.#end();
  }

  #scene(given: {
    readonly isBlock: boolean;
    readonly origin: Origin;
    readonly emit: (effect: Effect) => undefined;
  }): Scene {
    const { server, parse, parseBlock } = this.#options;
    const { isBlock, origin, emit } = given;
    return {
      catalog: this.#catalog,
      server,
      origin,
      transaction: { number: this.#transactions, isBlock },
      settings: this.#settings.current(),
      parse,
      parseBlock,
      emit,
    };
  }

  /** Takes what a statement does, with what follows from the statements before it. */
  #take(effect: Effect): undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    for (const change of replicatedChanges(effect, this.#catalog)) this.#tell(change);
    switch (effect.kind) {
      case "lock":
        open.lock(effect, this.#statement);
        this.#timeouts(effect);
        break;
      case "renamed":
        open.renamed({ effect, statement: this.#statement, judged: this.#options.judge(effect) });
        return undefined;
      case "constraint added":
        open.added(effect.constraint, this.#statement);
        break;
      case "work":
        this.#workUnderLock(effect, open);
        break;
      default:
        break;
    }
    this.#remember(effect);
    return effect.kind === "statistics lost" ? undefined : this.#tell(effect);
  }

  /** Whoever waits for a lock keeps all others waiting behind it. */
  #timeouts({ table, mode }: EffectOf<"lock">): void {
    if (!blocksWrites(mode) || !exists(table)) return;
    const settings = this.#settings.current();
    for (const setting of ["lock_timeout", "statement_timeout"] as const) {
      if (/^0*\D*$/.test(settings.get(setting) ?? ""))
        this.#tell({ kind: "timeout missing", setting, table });
    }
  }

  #workUnderLock(
    { table, words, validates }: EffectOf<"work">,
    open: OpenTransaction<Judged>,
  ): void {
    if (!open.isBlock || (table !== undefined && !exists(table))) return;
    const held = open.heldBefore(this.#statement, validates);
    if (held !== undefined)
      this.#tell({ kind: "work under lock", words, held: held.table, mode: held.mode });
  }

  #remember(effect: Effect): void {
    const at = { statement: this.#statement };
    if (effect.kind === "index dropped")
      this.#remembered.indexesDropped.push({ effect, complete: this.#catalog.complete });
    if (effect.kind === "column added" && exists(effect.table))
      this.#remembered.columnsAdded.push({
        effect,
        ...at,
        atOnce: isRequired(effect.column, this.#catalog),
      });
    this.lost.take(effect, this.#told[this.#statement]);
    if (effect.kind === "foreign key made") this.#remembered.foreignKeys.push({ effect, ...at });
    if (effect.kind !== "index built") return;
    const dropped = this.#remembered.indexesDropped.find((one) => isReplacedBy(one, effect));
    if (dropped !== undefined)
      this.#tell({
        kind: "index replaced late",
        dropped: dropped.effect.index,
        built: effect.index,
        table: shown(effect.table),
      });
  }

  #control(
    kind: string,
    { node, goesBack }: { readonly node: TreeNode; readonly goesBack: boolean },
  ): undefined {
    this.#conventions.altered = undefined;
    switch (kind) {
      case "TRANS_STMT_BEGIN":
      case "TRANS_STMT_START":
        if (this.#open !== undefined)
          return this.#tell({
            kind: "transaction control",
            why: "a transaction is open already",
          });
        return this.#begin({ isWrapped: false, goesBack });
      case "TRANS_STMT_COMMIT":
      case "TRANS_STMT_ROLLBACK":
      case "TRANS_STMT_PREPARE": {
        if (this.#open === undefined)
          return this.#tell({ kind: "transaction control", why: "no transaction is open" });
        if (this.#open.isWrapped)
          this.#tell({
            kind: "transaction control",
            why: "it ends the transaction of whoever runs the file",
          });
        if (kind === "TRANS_STMT_ROLLBACK" && this.#before !== undefined)
          this.#catalog = this.#before;
        this.#end();
        if (node.tree.chain === true) this.#begin({ isWrapped: false, goesBack });
        return;
      }
      default:
        return;
    }
  }

  #begin({
    isWrapped,
    goesBack,
  }: {
    readonly isWrapped: boolean;
    readonly goesBack: boolean;
  }): undefined {
    this.#open = new OpenTransaction(++this.#transactions, { isBlock: true, isWrapped });
    this.#before = goesBack ? this.#catalog.copy() : undefined;
  }

  #end(): undefined {
    const open = this.#open;
    if (open === undefined) return;
    for (const { effect, statement, judged } of open.renames) {
      if (!hasStandIn(effect, { open, catalog: this.#catalog }))
        this.#told[statement]?.push({ effect, judged });
    }
    const several = open.severalTables();
    if (several !== undefined) {
      const effect = { kind: "tables locked", tables: several.tables } as const;
      this.#told[several.statement]?.push({ effect, judged: this.#options.judge(effect) });
    }
    this.#settings.endTransaction();
    this.#open = undefined;
    this.#before = undefined;
  }

  #tell(effect: Effect): undefined {
    this.#told[this.#statement]?.push({ effect, judged: this.#options.judge(effect) });
  }
}

function isRollback(node: TreeNode | undefined): boolean {
  return node?.kind === "TransactionStmt" && node.tree.kind === "TRANS_STMT_ROLLBACK";
}
