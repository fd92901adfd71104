/** Findings of a check, and errors that stop it. */
import type { Catalogue } from "./entry.ts";
import { answerIn, cannotWork } from "./safety.ts";
import { list } from "./words.ts";

export type CheckErrors = {
  base_unreadable: { readonly ref: string; readonly reason: string; readonly hint: string };
  check_found: {
    readonly count: number;
    readonly rules: readonly string[];
    /** The file of the first finding that can be answered. */
    readonly file?: string | undefined;
  };
  check_incomplete: {
    /** The unjudged parts and the reasons, a line for each. */
    readonly unjudged: readonly string[];
  };
  facts_unreadable: { readonly path: string; readonly reason: string };
  file_unreadable: { readonly path: string; readonly reason: string };
  parser_missing: { readonly command: string };
};

export const checkErrors: Catalogue<CheckErrors> = {
  base_unreadable: {
    exitCode: 2,
    message: (d) => `cannot find what is new since ${d.ref}: ${d.reason}`,
    hint: (d) => d.hint,
  },
  check_found: {
    exitCode: 4,
    message: (d) => `${d.count} finding${d.count === 1 ? "" : "s"}: ${list(d.rules)}`,
    hint: (d) =>
      d.rules.every((rule) => /^migration-(edited|renumbered)$/.test(rule))
        ? "Leave a migration that others may have run as it is, and write a new one."
        : d.rules.every((rule) => cannotWork.has(rule))
          ? "Correct what cannot work. Where Slipway knows a safe form, the finding shows it."
          : `Write the safe form, or answer in the migration: ${answerIn(d.file ?? "", d.rules.find((rule) => !cannotWork.has(rule)) ?? "RULE")}.`,
  },
  check_incomplete: {
    exitCode: 4,
    message: ({ unjudged: [first = "", ...more] }) =>
      `not all could be judged: ${first}${more.length === 0 ? "" : `, and ${more.length} more`}`,
    hint: () =>
      "Mend what stands in the way. If somebody has read what Slipway could not judge, add --allow-unjudged.",
  },
  facts_unreadable: {
    exitCode: 2,
    message: (d) => `cannot judge by ${d.path}: ${d.reason}`,
    hint: () => "Write it where the release reaches its databases: slipway facts > production.json",
  },
  file_unreadable: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be read: ${d.reason}`,
    hint: () => "Name a file of SQL that is there.",
  },
  parser_missing: {
    exitCode: 2,
    message: (d) =>
      `${d.command} needs PostgreSQL's parser, the package libpg-query, which is not installed`,
    hint: () => "Install it: npm install --save-dev libpg-query",
  },
};
