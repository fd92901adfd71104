/** All cases, by what they are about. */
import type { Case } from "./case.ts";
import { columns } from "./columns.ts";
import { indexes } from "./indexes.ts";

export const groups: { readonly [group: string]: readonly Case[] } = { indexes, columns };
