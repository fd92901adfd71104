/** Bounds how long a page waits for a database. */

/**
 * The answer, or an error once so many milliseconds are over; then `whenLate` ends what still waits.
 */
export async function answeredWithin<Answer>(
  ms: number,
  answer: Promise<Answer>,
  whenLate: (error: Error) => void,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      const error = new Error(lateWords(ms));
      whenLate(error);
      fail(error);
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function lateWords(ms: number): string {
  return `the database gave no answer for ${ms / 1_000} s: it stands still, or somebody has locked what the page reads`;
}
