/** The probe of a statement that a user wrote as SQL: of those that name what they make or take away. */

import type { Named } from "../model/named.ts";
import type { CatalogProbe, Probe } from "../model/probe.ts";
import { lex } from "./lexer.ts";
import { isCode, type SqlSyntax, wordOf } from "./token.ts";

/** `undefined` when only its author could tell whether the statement has run. */
export function probeOfSql(sql: string, syntax: SqlSyntax): Probe | undefined {
  return new Reader(sql, syntax).read();
}

/** Reads the head of one statement, word by word. */
class Reader {
  readonly #tokens: readonly { readonly text: string; readonly word: string | undefined }[];
  readonly #syntax: SqlSyntax;
  #at = 0;
  #isOpen = false;

  constructor(sql: string, syntax: SqlSyntax) {
    this.#syntax = syntax;
    const tokens = [...lex(sql, syntax)].filter(isCode);
    this.#tokens = tokens.map((token) => ({ text: token.text, word: wordOf(token) || undefined }));
  }

  read(): Probe | undefined {
    if (this.#take("SET") || this.#take("RESET") || this.#takeSetConfig()) return this.#setting();
    if (this.#take("VACUUM") || this.#take("ANALYZE") || this.#take("REFRESH"))
      return { kind: "repeatable" };
    if (this.#take("REINDEX")) return this.#reindex();
    if (this.#take("CREATE")) return this.#create();
    if (this.#take("DROP")) return this.#drop();
    if (this.#take("ALTER", "TYPE")) return this.#alterType();
    if (this.#take("ALTER", "TABLE")) return this.#alterTable();
    return undefined;
  }

  /** Dumps are full of them: `SELECT pg_catalog.set_config('search_path', '', false)`. */
  #takeSetConfig(): boolean {
    const head = this.#tokens
      .slice(0, 5)
      .map(({ text }) => text.toLowerCase())
      .join(" ");
    return this.#syntax === "postgres" && /^select (pg_catalog \. )?set_config \(/.test(head);
  }

  #setting(): Probe {
    return this.#syntax === "postgres" ? { kind: "setting", ownOnly: true } : { kind: "setting" };
  }

  #create(): Probe | undefined {
    if (this.#take("OR", "REPLACE")) return { kind: "repeatable" };
    this.#take("UNIQUE");
    if (this.#take("INDEX")) {
      this.#take("CONCURRENTLY");
      this.#take("IF", "NOT", "EXISTS");
      const name = this.#name();
      if (name === undefined || !this.#take("ON")) return undefined;
      this.#take("ONLY");
      const table = this.#name();
      return table === undefined ? undefined : this.#index(table, name, "present");
    }
    const kind = this.#kind();
    if (kind === undefined) return undefined;
    this.#take("IF", "NOT", "EXISTS");
    return this.#about(kind, "present");
  }

  /** `REINDEX (CONCURRENTLY, VERBOSE) TABLE t`, `REINDEX TABLE CONCURRENTLY t` */
  #reindex(): Probe {
    let isBeside = false;
    while (this.#peek() === "(" || this.#isOpen) {
      this.#isOpen = this.#peek() !== ")";
      isBeside ||= this.#tokens[this.#at]?.word === "CONCURRENTLY";
      this.#at += 1;
    }
    const kinds = ["INDEX", "TABLE", "SCHEMA", "DATABASE"] as const;
    const kind = kinds.find((word) => this.#take(word));
    isBeside = this.#take("CONCURRENTLY") || isBeside;
    if (kind === undefined || !isBeside) return { kind: "repeatable" };
    const what = kind.toLowerCase() as Lowercase<typeof kind>;
    const name = what === "database" ? undefined : this.#name();
    return { kind: "repeatable", rebuilds: { what, name } };
  }

  #drop(): Probe | undefined {
    if (this.#take("INDEX")) {
      this.#take("CONCURRENTLY");
      this.#take("IF", "EXISTS");
      const name = this.#name();
      if (name === undefined) return undefined;
      if (this.#take("ON")) {
        const table = this.#name();
        return table === undefined ? undefined : this.#index(table, name, "absent");
      }
      return this.#peek() === "," ? undefined : { kind: "index", name, expect: "absent" };
    }
    const kind = this.#kind();
    if (kind === undefined) return undefined;
    this.#take("IF", "EXISTS");
    return this.#about(kind, "absent");
  }

  #alterType(): Probe | undefined {
    const name = this.#name();
    if (name === undefined || !this.#take("ADD", "VALUE")) return undefined;
    this.#take("IF", "NOT", "EXISTS");
    const value = /^'((?:[^']|'')*)'$/.exec(this.#peek() ?? "")?.[1];
    return value === undefined
      ? undefined
      : { kind: "enum_value", name, part: value.replaceAll("''", "'"), expect: "present" };
  }

  /** A single change that can be seen. For several, Slipway would have to look at each. */
  #alterTable(): Probe | undefined {
    this.#take("IF", "EXISTS");
    this.#take("ONLY");
    const table = this.#name();
    if (table === undefined || this.#hasSeveralChanges()) return undefined;
    if (this.#take("VALIDATE", "CONSTRAINT")) return this.#part("constraint", table, "validated");
    if (this.#take("ADD", "CONSTRAINT")) return this.#part("constraint", table, "present");
    if (this.#take("DROP", "CONSTRAINT")) {
      this.#take("IF", "EXISTS");
      return this.#part("constraint", table, "absent");
    }
    if (this.#take("ADD", "COLUMN")) {
      this.#take("IF", "NOT", "EXISTS");
      return this.#part("column", table, "present");
    }
    if (this.#take("DROP", "COLUMN")) {
      this.#take("IF", "EXISTS");
      return this.#part("column", table, "absent");
    }
    return undefined;
  }

  #hasSeveralChanges(): boolean {
    let depth = 0;
    return this.#tokens.some(({ text }) => {
      if (text === "(") depth += 1;
      if (text === ")") depth -= 1;
      return text === "," && depth === 0;
    });
  }

  /** An index lives in the schema of its table. */
  #index(table: Named, index: Named, expect: CatalogProbe["expect"]): Probe {
    const name = table.prefix === undefined ? index : { name: index.name, prefix: table.prefix };
    return { kind: "index", name, table, expect };
  }

  #part(
    kind: "constraint" | "column",
    table: Named,
    expect: CatalogProbe["expect"],
  ): Probe | undefined {
    const part = this.#name();
    return part === undefined ? undefined : { kind, name: table, part: part.name, expect };
  }

  #about(kind: CatalogProbe["kind"], expect: CatalogProbe["expect"]): Probe | undefined {
    const name = this.#name();
    return name === undefined || this.#peek() === "," ? undefined : { kind, name, expect };
  }

  #kind(): CatalogProbe["kind"] | undefined {
    if (this.#take("MATERIALIZED", "VIEW")) return "view";
    const kinds = ["TABLE", "VIEW", "SEQUENCE", "TYPE", "SCHEMA", "EXTENSION"] as const;
    const kind = kinds.find((word) => this.#take(word));
    return kind?.toLowerCase() as CatalogProbe["kind"] | undefined;
  }

  /** `name` or `schema.name`, quoted or not, as the catalog has it. */
  #name(): Named | undefined {
    const first = this.#identifier();
    if (first === undefined || this.#peek() !== ".")
      return first === undefined ? undefined : { name: first };
    this.#at += 1;
    const second = this.#identifier();
    return second === undefined ? undefined : { name: second, prefix: first };
  }

  #identifier(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined) return undefined;
    const quoted = /^(["`])([\s\S]*)\1$/.exec(token.text);
    if (quoted === null && token.word === undefined) return undefined;
    this.#at += 1;
    if (quoted !== null) return quoted[2]?.replaceAll(`${quoted[1]}${quoted[1]}`, quoted[1] ?? "");
    return this.#syntax === "postgres" ? token.text.toLowerCase() : token.text;
  }

  #take(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.#tokens[this.#at + i]?.word === word)) return false;
    this.#at += words.length;
    return true;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }
}
