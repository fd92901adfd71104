/** The one question that the command line asks. */

/** Asks on the terminal. Ctrl+C is a no. The question goes to stderr, so that stdout stays data. */
export async function confirm(question: string): Promise<boolean> {
  const prompts = await import("@clack/prompts");
  const answer = await prompts.confirm({
    message: question,
    initialValue: false,
    output: process.stderr,
  });
  return answer === true;
}
