/** Patroni changes the leader in the middle of a run: for maintenance, and after a crash. Only in the full form. */
import { afterAll, describe, expect, it } from "vitest";
import { startPatroni } from "../support/patroni.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import { ask, truth } from "./support/server.ts";
import { callsIn, run, start } from "./support/start.ts";

const figures = figuresOf("Patroni");
const cluster = full ? await startPatroni() : undefined;
afterAll(() => cluster?.stop());
if (cluster === undefined)
  figures.tell("Patroni", full ? "not done: it is not installed" : "only in the full form");
const times = 30;

describe.skipIf(cluster === undefined)("a leader that changes", { timeout: 3_600_000 }, () => {
  it(`in the middle of a run, ${times} times`, async () => {
    const { leader, isWhole, switchOver, crash, address } = cluster!;
    const found = { untrue: 0, repairs: 0, committed: 0, wrong: [] as string[] };
    let calls = 0;
    for (let i = 0; i <= times; i++) {
      await isWhole();
      const name = `round_${i}`;
      const at = (url: string) => url.replace(/\/postgres$/, `/${name}`);
      await ask(await leader(), `create database ${name}`);
      await ask(at(await leader()), "create table ran (version int)");
      const settings = { kind: "postgres", address: at(address), scenario: "freeze" } as const;
      if (i === 0) {
        const whole = await run({ ...settings, freezeAt: 0 }, ["migrate"]);
        expect(whole).toMatchObject({ code: 0 });
        calls = callsIn(whole.stdout);
        continue;
      }
      const freezeAt = 1 + Math.floor(((i - 0.5) * calls) / times);
      const child = await start({ ...settings, freezeAt }, ["migrate"]);
      await child.frozen();
      const isCrash = i % 3 === 0;
      await (isCrash ? crash() : switchOver());
      const before = await stateOf(at(await leader()));
      child.kill("SIGCONT");
      const first = await child.ended;
      // It has talked to the old leader all the time.
      if ((await stateOf(at(await leader()))) !== before) found.committed += 1;
      const next = await run(settings, ["migrate"]);
      if (next.code !== 0) found.repairs += 1;
      const is = await stateOf(at(await leader()));
      if (is !== wanted) {
        found.untrue += 1;
        found.wrong.push(`call ${freezeAt}: ${is}: ${next.stderr}`);
      }
      const how = isCrash ? "crash" : "switchover";
      progress(`${i}, ${how}: call ${freezeAt}, exit codes ${first.code} and ${next.code}`);
    }
    expect(found.wrong).toEqual([]);
    figures.must(`${times} changes of the leader: untrue histories`, found.untrue, 0);
    figures.must(`${times} changes of the leader: manual repairs`, found.repairs, 0);
    figures.must("what talked to the old leader: committed at the new one", found.committed, 0);
  });
});

const wanted = "tables ran,two; invalid 0; history 1,2,3,4; journal ; ran 1,2,4";

async function stateOf(url: string): Promise<string> {
  const [ran] = await ask(
    url,
    "select string_agg(version::text, ',' order by version) as it from ran",
  );
  return `${await truth(url).catch(() => "none")}; ran ${ran?.it}`;
}
