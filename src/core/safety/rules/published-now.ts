/**
 * Compares findings about tables that may be published, or filled by a subscription, with the
 * publications and subscriptions of a database. Pure.
 */
import type { KnownPublications, PublicationFacts } from "../../model/database-facts.ts";
import { subscriptionsOf } from "./subscriptions-of.ts";
import { type IfPublished, someFeed, type Verdict, type VerdictFinding } from "./verdict-data.ts";

/** Whether the database publishes anything or subscribes to anything. */
export function isReplicated({ publications, subscriptions = [] }: KnownPublications): boolean {
  return publications.length > 0 || subscriptions.length > 0;
}

/** The verdicts, with the findings that count because their tables are published or subscribed to. */
export function publishedNow(
  run: readonly Verdict[],
  known: KnownPublications,
): readonly Verdict[] {
  return run.map((verdict) => {
    const found = (verdict.ifPublished ?? []).flatMap((one) => foundIn(one, known));
    const isNew = ({ rule, statement }: VerdictFinding) =>
      !verdict.findings.some((one) => one.rule === rule && one.statement === statement);
    return { ...verdict, findings: [...verdict.findings, ...found.filter(isNew)] };
  });
}

function foundIn(one: IfPublished, known: KnownPublications): readonly VerdictFinding[] {
  return one.rule.startsWith("subscribed-")
    ? foundSubscribed(one, known)
    : foundPublished(one, known);
}

/** A table counts where a subscription fills it, a partition of it, or the table that it is a partition of. */
function foundSubscribed(
  { column: _, ...finding }: IfPublished,
  { subscriptions = [], tables }: KnownPublications,
): readonly VerdictFinding[] {
  const [table = ""] = finding.tables;
  const below = partitionsOf(table, tables);
  const names = subscriptions
    .filter((one) =>
      one.tables.some((filled) => below.has(filled) || partitionsOf(filled, tables).has(table)),
    )
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      ...finding,
      message: finding.message.replace(subscriptionsOf([someFeed]), subscriptionsOf(names)),
    },
  ];
}

function foundPublished(
  { column, ...finding }: IfPublished,
  { publications, tables }: KnownPublications,
): readonly VerdictFinding[] {
  const { rule, message, statement } = finding;
  const [table = ""] = finding.tables;
  const identity = tables.find(({ name }) => name === table)?.replicaIdentity ?? "default";
  const isIdentity = rule === "published-replica-identity";
  // Its rows are found by something else than the key that goes.
  if (isIdentity && identity !== "default" && !/replica\s+identity/i.test(statement)) return [];
  const chain = partitionsOf(table, tables);
  const own = publications.filter((publication) => {
    const { publishes } = publication;
    if (isIdentity && !publishes.includes("update") && !publishes.includes("delete")) return false;
    return sends(publication, chain, rule === "published-add-column" ? undefined : column, rule);
  });
  if (own.length === 0) return [];
  const names = own.map(({ name }) => name).join(", ");
  const isKept =
    rule === "published-truncate" && !own.some(({ publishes }) => publishes.includes("truncate"));
  return [
    {
      ...finding,
      message: isKept
        ? `subscribers of ${names} keep the rows of ${table}, because a TRUNCATE is not sent to them`
        : message.replace(someFeed, names),
    },
  ];
}

/** Whether it sends the table, and of it the column. A list of columns has none that is added. */
function sends(
  { allTables, tables }: PublicationFacts,
  chain: ReadonlySet<string>,
  column: string | undefined,
  rule: string,
): boolean {
  const listed = tables.filter(({ table }) => chain.has(table));
  if (listed.length === 0) return allTables;
  return listed.some(({ columns }) => {
    if (columns === undefined) return true;
    return rule === "published-add-column"
      ? false
      : column === undefined || columns.includes(column);
  });
}

/** The table and its partitions: a publication of a partition counts for the table above it. */
function partitionsOf(table: string, tables: KnownPublications["tables"]): ReadonlySet<string> {
  const chain = new Set([table]);
  for (const _ of tables)
    for (const { name, partitionOf } of tables)
      if (partitionOf !== undefined && chain.has(partitionOf)) chain.add(name);
  return chain;
}
