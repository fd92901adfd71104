/** The one question that the command line asks. */
/** Asks on the terminal. Ctrl+C and Ctrl+D are a no. The question goes to stderr, so that stdout stays data. */
export async function confirm(question: string): Promise<boolean> {
  // Few commands ask, and it takes a while to load.
  const { createInterface } = process.getBuiltinModule("node:readline/promises");
  const given = new AbortController();
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const no = () => given.abort();
  lines.once("SIGINT", no).once("close", no);
  try {
    const answer = await lines.question(`${question} (y/N) `, { signal: given.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (given.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
