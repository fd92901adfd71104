/** Questions that are asked in one moment travel as one message: far away, each message is a wait. */
import type { Row } from "../adapter.ts";
import type { Asking } from "./asking.ts";
import type { PostgresConnection } from "./driver.ts";
import { errorKind } from "./messages.ts";
import { catalogOnly } from "./own-names.ts";

type Rows = readonly Row[];
type Question = { readonly sql: string } & PromiseWithResolvers<Rows>;

/** Collects questions until nobody has another one at this moment. */
export class Gathered {
  readonly #connection: PostgresConnection;
  readonly #asking: Asking;
  #waiting: Question[] = [];
  #answered: Promise<void> = Promise.resolve();

  constructor(connection: PostgresConnection, asking: Asking) {
    this.#connection = connection;
    this.#asking = asking;
  }

  query(sql: string): Promise<Rows> {
    const question = { sql, ...Promise.withResolvers<Rows>() };
    if (this.#waiting.push(question) === 1)
      this.#answered = this.#answered.then(atOnce).then(() => this.#ask());
    return question.promise;
  }

  /** Ends when every question has its answer. */
  end(): Promise<void> {
    return this.#answered;
  }

  async #ask(): Promise<void> {
    const questions = inOrder(this.#waiting);
    this.#waiting = [];
    if (questions.length > 1 && (await this.#askAll(questions))) return;
    for (const { sql, resolve, reject } of questions)
      await this.#asking
        .until(this.#connection.query(sql))
        .then(({ rows }) => resolve(rows), reject);
  }

  /** Whether they are answered. Where one of them is refused, each has to hear its own answer. */
  async #askAll(questions: readonly Question[]): Promise<boolean> {
    const { queryAll } = this.#connection;
    if (queryAll === undefined) return false;
    try {
      const sql = questions.map((one) => one.sql).join("\n;\n");
      const answers = await this.#asking.until(queryAll(sql));
      if (answers.length !== questions.length) return false;
      for (const [at, { resolve }] of questions.entries()) resolve(answers[at]!);
      return true;
    } catch (error) {
      const kind = errorKind(error);
      // Whoever stopped them all does not want them one by one.
      if (kind !== "timeout" && kind !== "connection_lost") return false;
      for (const { reject } of questions) reject(error);
      return true;
    }
  }
}

/** Whoever asks now goes along. */
const atOnce = () => new Promise<void>((done) => setImmediate(done));

/** In one text the search path of those that look at the catalog alone would be that of all behind them. */
function inOrder(questions: readonly Question[]): readonly Question[] {
  const isCatalog = ({ sql }: Question) => sql.startsWith(catalogOnly);
  return [...questions.filter((one) => !isCatalog(one)), ...questions.filter(isCatalog)];
}
