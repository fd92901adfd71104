/** All cases, by what they are about. */
import type { Case } from "./case.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { contracts } from "./contracts.ts";
import { guide } from "./guide.ts";
import { indexes } from "./indexes.ts";
import { partitions } from "./partitions.ts";
import { policies } from "./policy.ts";
import { rows } from "./rows.ts";
import { transactions } from "./transactions.ts";
import { types } from "./types.ts";

export const groups: { readonly [group: string]: readonly Case[] } = {
  indexes,
  columns,
  types,
  constraints,
  partitions,
  transactions,
  contracts,
  rows,
  guide,
  policies,
};
