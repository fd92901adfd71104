import { type MysqlDriverRequest, sayGoodbye } from "./driver.ts";

/** The parts of a connection that both drivers have. */
type DriverConnection = {
  readonly threadId: number | null;
  on(event: "error", heard: (reason: unknown) => void): unknown;
  on(event: "end", heard: () => void): unknown;
  end(): Promise<void>;
  destroy(): void;
};

/** The connection of a driver. It hears its own errors, so one that comes while it is idle never ends the process. */
export class OfDriver<Connection extends DriverConnection> {
  readonly database: string | undefined;
  protected readonly connection: Connection;
  readonly #unanswered = new Set<(reason: Error) => void>();

  constructor(connection: Connection, { database }: MysqlDriverRequest) {
    this.connection = connection;
    this.database = database;
    connection.on("error", () => {});
  }

  get connectionId(): number | null {
    return this.connection.threadId;
  }

  onLost(lost: (reason: unknown) => void): void {
    this.connection.on("error", lost);
    this.connection.on("end", () => lost(new Error("the connection has ended")));
  }

  hangUp(): void {
    this.connection.destroy();
    this.#giveUp();
  }

  async close(): Promise<void> {
    await sayGoodbye(this.connection);
    this.#giveUp();
  }

  /** The answer, or an error when Slipway ends the connection: then the drivers leave it open for ever. */
  protected answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject);
      answer.then(resolve, reject).finally(() => this.#unanswered.delete(reject));
    });
  }

  #giveUp(): void {
    const code = "PROTOCOL_CONNECTION_LOST";
    const reason = Object.assign(new Error("the connection has ended"), { code });
    for (const reject of this.#unanswered) reject(reason);
    this.#unanswered.clear();
  }
}
