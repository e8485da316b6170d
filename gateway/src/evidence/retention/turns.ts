/** Steps one after another: a hold and an expiry never happen at the same time. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  async take<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    // The next in line waits for the end of this step, whether it succeeded or not; its caller sees the error.
    this.#last = result.catch(() => undefined);
    return await result;
  }
}
