/** The adapter for PostgreSQL at Neon, over the WebSocket of the driver `@neondatabase/serverless`. */
import type { Client } from "pg";
import { flag, type KindsOf } from "../../core/model/kind.ts";
import { type Adapter, ConnectionFailed } from "../adapter.ts";
import { checkOptions, readAtConnect } from "../check-options.ts";
import { givenText } from "../given.ts";
import { importDriver } from "../import-driver.ts";
import type { PostgresDriver, PostgresDriverRequest } from "../postgres/driver.ts";
import { connectPg, type PgKind } from "../postgres/pg-connection.ts";
import { type PostgresOptions, postgresKinds, withDriver } from "../postgres/with-driver.ts";
import { cancelThroughWebSocket, type WebSocketSettings } from "./cancel.ts";

export type { PostgresConnectionExtras as ConnectionExtras } from "../postgres/connect.ts";

/** Where the database is, and how the WebSocket goes there. */
export type NeonOptions = PostgresOptions & {
  /**
   * Another proxy than Neon's, without `wss://`. It is asked as `PROXY?address=host:port`; a function says it by itself.
   * Default: the proxy at the host of the URL.
   */
  readonly wsProxy?: string | ((host: string, port: number | string) => string) | undefined;
  /** Whether the WebSocket is encrypted. Default: `true`; `false` is for a proxy on this machine. */
  readonly useSecureWebSocket?: boolean | undefined;
};

const kinds: KindsOf<NeonOptions> = {
  ...postgresKinds,
  wsProxy: readAtConnect,
  useSecureWebSocket: flag,
};

/**
 * Connects to Neon. Needs the package `@neondatabase/serverless`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function neon(options: NeonOptions): Adapter {
  const { wsProxy, useSecureWebSocket, url, directUrl, ...rest } = checkOptions(
    "neon()",
    options,
    kinds,
  );
  const given = (option: string, text: string | (() => string)) => () =>
    notByHttp(givenText(option, text).trim());
  return {
    ...withDriver(driverOf({ wsProxy, useSecureWebSocket }), {
      ...rest,
      url: given("url", url),
      ...(directUrl === undefined ? {} : { directUrl: given("directUrl", directUrl) }),
    }),
    at: (other) => neon({ ...options, url: other, directUrl: undefined }),
  };
}

/** @throws {ConnectionFailed} for the address of the HTTP mode */
function notByHttp(url: string): string {
  if (!/^https?:/i.test(url)) return url;
  throw new ConnectionFailed(
    "the HTTP mode of Neon runs each statement by itself, without transactions and locks",
    {
      hint: "Give the URL that begins with postgres://, which this adapter reaches through a WebSocket.",
      lasting: true,
    },
  );
}

function driverOf(settings: Pick<NeonOptions, "wsProxy" | "useSecureWebSocket">): PostgresDriver {
  return {
    package: "@neondatabase/serverless",
    connect: async (request: PostgresDriverRequest) => {
      const names = { driver: "@neondatabase/serverless", adapter: "neon" };
      const serverless = await importDriver(() => import("@neondatabase/serverless"), names);
      return connectPg({ Client: clientOf(serverless.Client, settings), cancel }, request);
    },
  };
}

/** The package's client is that of `pg` over another socket. */
function clientOf(
  NeonClient: new (config: object) => { readonly neonConfig: object },
  settings: Pick<NeonOptions, "wsProxy" | "useSecureWebSocket">,
): PgKind["Client"] {
  class OurClient extends NeonClient {
    constructor(config: object) {
      super(config);
      const given = Object.entries(settings).filter(([, value]) => value !== undefined);
      // By default the password goes ahead in plain text, which only servers of Neon's take.
      Object.assign(this.neonConfig, { ...Object.fromEntries(given), pipelineConnect: false });
    }
  }
  return OurClient as unknown as PgKind["Client"];
}

function cancel(client: Client): Promise<void> {
  return cancelThroughWebSocket(client as Client & { readonly neonConfig: WebSocketSettings });
}
