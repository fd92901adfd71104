/** Counts the questions to a connection that it has not answered yet. */
export class Asking {
  #open = 0;

  /** Whether it is asked something. */
  get isOpen(): boolean {
    return this.#open > 0;
  }

  until<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#open += 1;
    return answer.finally(() => {
      this.#open -= 1;
    });
  }
}
