/** A reporter that names each test which passed at its second try only, with what its first try said. */
export default class SecondTries {
  #found = [];

  onTestCaseResult(test) {
    const { state, errors } = test.result();
    if (state !== "passed" || !test.diagnostic()?.flaky) return;
    const said = errors?.[0]?.message ?? "nothing";
    this.#found.push(
      `   ${test.module.relativeModuleId} > ${test.fullName}\n     ${said.split("\n").slice(0, 12).join("\n     ")}`,
    );
  }

  onTestRunEnd() {
    if (this.#found.length === 0) return;
    console.log(
      `\n Passed at the second try only: ${this.#found.length}\n${this.#found.join("\n")}\n`,
    );
  }
}
