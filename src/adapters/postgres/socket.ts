/** A socket to a server, for a driver that takes one of ours and does not say how it makes its own. */
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions as TlsOptions } from "node:tls";
import type { ServerAddress } from "./cancel.ts";

/** Words of `sslmode`, or settings. */
export type PostgresTls = boolean | object | string | undefined;

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** Encrypted, and nobody asks who answers. */
const unchecked: ReadonlySet<unknown> = new Set(["require", "allow", "prefer"]);

/** An open socket; encrypted when `tls` asks for it. */
export async function openSocket(
  { host, port }: ServerAddress,
  { tls, connectTimeoutMs }: { readonly tls: PostgresTls; readonly connectTimeoutMs: number },
): Promise<Socket> {
  const socket = connect(
    host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port: Number(port) },
  );
  // Else the system waits two hours before it asks whether a server that is silent is still there.
  socket.setKeepAlive(true, 10_000).setNoDelay(true);
  const late = setTimeout(
    () => socket.destroy(new Error("timeout expired while connecting")),
    connectTimeoutMs,
  );
  try {
    await once(socket, "connect");
    if (!tls || tls === "disable") return socket;
    socket.write(sslRequest);
    const [answer] = (await once(socket, "data")) as [Buffer];
    if (answer.toString("latin1") === "S") return await encrypted(socket, { host, tls });
    if (tls === "prefer") return socket;
    throw new Error("The server does not support SSL connections");
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function encrypted(
  socket: Socket,
  { host, tls }: { readonly host: string; readonly tls: PostgresTls },
): Promise<Socket> {
  const options: TlsOptions = {
    socket,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(unchecked.has(tls) ? { rejectUnauthorized: false } : {}),
    ...(typeof tls === "object" ? tls : {}),
  };
  const secure = connectTls(options);
  await once(secure, "secureConnect");
  return secure;
}
