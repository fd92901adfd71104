/** Whether what a rule says of a statement is what a server was seen to do. Knows nothing of the rules' own model. */

export type Finding = {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly statement: string;
  readonly tables: readonly string[];
};

type Lock = {
  readonly on: string;
  readonly kind: string;
  readonly mode: string;
  readonly waiting: string;
  readonly isNew: boolean;
};

/** As `check --trace --json` has it. */
export type Traced = {
  readonly version: string;
  readonly words: string;
  readonly sql: string;
  readonly transaction?: number;
  readonly takes: string;
  readonly locks: readonly Lock[];
  readonly held: readonly Lock[];
  readonly rewritten: readonly string[];
  readonly scanned: readonly string[];
  readonly built: readonly string[];
  readonly failed?: string;
};

/** What the server did, in words; `undefined` where it is not what the finding says, or was not seen. */
export function seenOf(finding: Finding, all: readonly Traced[]): string | undefined {
  const of = all.filter(({ words }) => words === `execute file ${finding.file}`);
  const text = plain(finding.statement);
  const same = of.filter(({ sql }) => plain(sql) === text);
  for (const one of same.length > 0 ? same : of.filter(({ sql }) => plain(sql).includes(text))) {
    const seen = one.failed === undefined ? judged(finding, { one, of, all }) : undefined;
    if (seen !== undefined) return seen;
  }
  return undefined;
}

type Place = {
  readonly one: Traced;
  /** What its file sent. */
  readonly of: readonly Traced[];
  readonly all: readonly Traced[];
};

function judged(finding: Finding, place: Place): string | undefined {
  const { one, of } = place;
  const { rule, tables } = finding;
  const locks = locksIn(place);
  const onIts = locks.find(({ on }) => tables.some((table) => isCalled(on, table)));
  const words = (lock: Lock | undefined, more: string) =>
    lock === undefined ? undefined : `${lock.mode} on ${lock.on}${more}`;
  switch (rule) {
    case "index-not-concurrent":
    case "add-unique-without-index":
    case "add-primary-key-without-index":
    case "add-exclusion-constraint":
      return one.built.length + one.rewritten.length > 0 ? words(onIts, ", built") : undefined;
    case "add-fk-scan":
    case "add-check-scan":
    case "set-not-null-scan":
    case "change-column-type":
    case "add-column-rewrite":
    case "attach-partition-scan":
    case "table-rewrite-command":
      return one.takes === "a moment" ? undefined : words(onIts ?? locks[0], `, ${one.takes}`);
    case "work-after-exclusive-lock":
      return one.takes !== "a moment" || isQuery.test(plain(one.sql))
        ? words(onIts ?? earlier(place)[0], `, while it works (${one.takes})`)
        : undefined;
    case "multi-table-lock": {
      const names = new Set(locks.filter(({ kind }) => kind === "table").map(({ on }) => on));
      return names.size > 1 ? `locks on ${[...names].slice(0, 3).join(", ")}` : undefined;
    }
    case "unbatched-dml": {
      const written = [...one.locks, ...one.held, ...earlier(place)].find(
        ({ on, isNew }) => !isNew && tables.some((table) => isCalled(on, table)),
      );
      return words(written, ", no limit");
    }
    case "replace-index-order": {
      const [dropped = ""] = finding.message.split(" ");
      const before = place.all.slice(0, place.all.indexOf(one));
      const drop = before.find(({ sql }) => /\bdrop\b/i.test(sql) && plain(sql).includes(dropped));
      return drop === undefined ? undefined : `dropped by ${drop.version}, built by ${one.version}`;
    }
    case "add-column-required":
      return of.some(({ sql }) => /\bNOT\s+NULL\b|\bPRIMARY\s+KEY\b/i.test(sql))
        ? words(onIts, ", NOT NULL without a default")
        : undefined;
    default:
      // A name or what is behind it goes, or others are kept out: that needs this lock.
      return /EXCLUSIVE$/.test(onIts?.mode ?? "") ? words(onIts, "") : undefined;
  }
}

/** What it has locked, and what its transaction had before it, of what others use. */
function locksIn(place: Place): readonly Lock[] {
  const { locks, held } = place.one;
  return [...locks, ...held, ...earlier(place)].filter(keepsWaiting);
}

/** A table that an earlier statement dropped has no name by which `held` could tell of it. */
function earlier({ one, of }: Place): readonly Lock[] {
  return of
    .slice(0, of.indexOf(one))
    .filter(({ transaction }) => transaction !== undefined && transaction === one.transaction)
    .flatMap(({ locks }) => locks)
    .filter(keepsWaiting);
}

function keepsWaiting({ isNew, waiting, kind }: Lock): boolean {
  return !isNew && waiting !== "nobody" && kind !== "index";
}

const isQuery =
  /^(?:with|update|delete|insert|select|do|merge|copy|create (?:\w+ )?(?:table|view))\b/;

function isCalled(on: string, table: string): boolean {
  return on === table || on === `public.${table}` || on.endsWith(`.${table}`);
}

function plain(sql: string): string {
  const bare = sql.replace(/--[^\n]*/g, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return bare
    .replace(/\s+/g, " ")
    .replace(/[\s;]+$/, "")
    .trim()
    .toLowerCase();
}
