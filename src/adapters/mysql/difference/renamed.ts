/**
 * Follows a rename of a table or a column in the text that MariaDB and MySQL write of the table.
 */
import type { WrittenObject } from "../../../core/catalog/catalog.ts";
import type { WrittenRename } from "../../../core/difference/written/words.ts";
import { quote } from "../sql-text.ts";
import { printTable, readTable, type TableText } from "./table-text.ts";

/** Views and triggers are not looked into: they go before and come back as they are wished. */
export function renamed(
  object: WrittenObject,
  { table, column, to }: WrittenRename,
): WrittenObject {
  if (object.of !== "table") return object;
  const isOn = object.table.name === table;
  const text = readTable(object.definition);
  if (column === undefined) {
    const name = isOn ? to : object.table.name;
    const foreign = lines(text.foreign, (line) => referring(line, { table, to }));
    const definition = printTable(name, { ...text, foreign });
    return { ...object, id: `table ${name}`, table: { name }, definition };
  }
  const swap = (part: string) => part.replaceAll(quote(column), quote(to));
  const own: TableText = isOn
    ? {
        ...text,
        columns: new Map(
          [...text.columns].map(([name, line]) => [name === column ? to : name, swap(line)]),
        ),
        keys: lines(text.keys, (line) => inside(line, swap)),
        checks: lines(text.checks, (line) => inside(line, swap)),
      }
    : text;
  const foreign = lines(text.foreign, (line) => {
    const [head = "", tail = ""] = line.split(/(?= REFERENCES )/);
    const isTo = tail.startsWith(` REFERENCES ${quote(table)} `);
    return `${isOn ? inside(head, swap) : head}${isTo ? inside(tail, swap) : tail}`;
  });
  return { ...object, definition: printTable(object.table.name, { ...own, foreign }) };
}

function lines(
  all: ReadonlyMap<string, string>,
  change: (line: string) => string,
): ReadonlyMap<string, string> {
  return new Map([...all].map(([name, line]) => [name, change(line)]));
}

/** The name of a key or a constraint, or of a table, stands before the parenthesis. */
function inside(line: string, swap: (part: string) => string): string {
  const open = line.indexOf("(");
  return `${line.slice(0, open)}${swap(line.slice(open))}`;
}

function referring(line: string, { table, to }: { readonly table: string; readonly to: string }) {
  return line.replace(` REFERENCES ${quote(table)} `, () => ` REFERENCES ${quote(to)} `);
}
