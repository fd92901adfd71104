import type { Adapter, Session } from "../adapters/adapter.ts";

/**
 * Works on a separate session and closes it. Whoever looks at the server sees the name of the
 * command.
 */
export async function withSession<Result>(
  adapter: Adapter,
  command: "diff" | "roundtrip" | "squash",
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await adapter.open({ role: "work", application: `slipway ${command}` });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
