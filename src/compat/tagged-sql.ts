/**
 * A function that users take for a connection of `postgres`, over the connection of the migration.
 */
import type { Send } from "./sent.ts";

type Rows = readonly object[] & { readonly count: number };

/** A name: `sql("users")`. */
class Name {
  readonly text: string;

  constructor(text: string) {
    this.text = text.replaceAll('"', '""').replaceAll(".", '"."');
  }
}

/**
 * It is sent when somebody waits for it, and becomes a part of the statement that it is used in.
 */
class Query implements PromiseLike<Rows> {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  readonly #send: Send;
  #sent: Promise<Rows> | undefined;

  constructor(strings: readonly string[], values: readonly unknown[], send: Send) {
    this.strings = strings;
    this.values = values;
    this.#send = send;
  }

  // biome-ignore lint/suspicious/noThenProperty: as that of postgres, it is waited for.
  then<A = Rows, B = never>(
    done?: ((rows: Rows) => A | PromiseLike<A>) | null,
    failed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#sent ??= rowsOf(this.#send, ...textOf(this));
    return this.#sent.then(done, failed);
  }

  /** The other methods of postgres change nothing that a migration sends. */
  simple(): this {
    return this;
  }
}

/** https://github.com/porsager/postgres: templates, `unsafe`, names and `begin`. */
export function taggedSql(send: Send): object {
  const sql = (first: readonly string[] | string, ...values: readonly unknown[]) => {
    if (typeof first === "string" && values.length === 0) return new Name(first);
    if (!Array.isArray(first) || !("raw" in first))
      throw new Error("only templates and names of postgres run here: write the SQL out");
    return new Query(first, values, send);
  };
  const savepoint = async (name: string | ((own: object) => unknown), run?: unknown) => {
    await send("BEGIN");
    try {
      const given = await ((typeof name === "function" ? name : run) as (own: object) => unknown)(
        own,
      );
      await send("COMMIT");
      return given;
    } catch (error) {
      await send("ROLLBACK");
      throw error;
    }
  };
  const own = Object.assign(sql, {
    unsafe: (text: string, values: readonly unknown[] = []) => rowsOf(send, text, values),
    json: (value: unknown) => JSON.stringify(value),
    array: (values: readonly unknown[]) => values,
    begin: savepoint,
    savepoint,
    end: async () => undefined,
  });
  return own;
}

async function rowsOf(send: Send, text: string, values: readonly unknown[]): Promise<Rows> {
  const { rows, rowCount } = await send(text, values);
  return Object.assign([...rows], { count: rowCount });
}

/** Numbers the values, and writes names and other statements into the text. */
function textOf(
  query: Query,
  before: readonly unknown[] = [],
): readonly [text: string, values: readonly unknown[]] {
  let values = before;
  const parts = query.strings.map((text, i) => {
    if (i === query.values.length) return text;
    const value = query.values[i];
    if (value instanceof Name) return `${text}"${value.text}"`;
    if (value instanceof Query) {
      const [inside, more] = textOf(value, values);
      values = more;
      return text + inside;
    }
    values = [...values, value];
    return `${text}$${values.length}`;
  });
  return [parts.join(""), values];
}
