import type { MysqlDriverRequest } from "./driver.ts";

/** The parts of a connection that both drivers have. */
type DriverConnection = {
  readonly threadId: number | null;
  on(event: "error", heard: (reason: unknown) => void): unknown;
  on(event: "end", heard: () => void): unknown;
};

/** The connection of a driver. It hears its own errors, so one that comes while it is idle never ends the process. */
export class OfDriver<Connection extends DriverConnection> {
  readonly database: string | undefined;
  protected readonly connection: Connection;

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
}
