/** `node listening-app.ts PATH`: an app whose operators may evaluate in it. Ends as any app would when something is thrown. */
import { listen } from "../../../src/rpc/listen.ts";

const [, , path = ""] = process.argv;
await listen({ path, scope: () => ({ answer: 42 }) });
setInterval(() => undefined, 1_000);
process.stdout.write("listening\n");
