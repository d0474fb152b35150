/**
 * Keeps the process running while something is awaited. Workers themselves never do: a script that forgets to close
 * its engine ends all the same, and one that awaits a request does not end before its answer.
 */
export class KeepAlive {
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;

  hold(): void {
    if (this.#holds++ === 0) this.#timer = setInterval(() => {}, 2 ** 30);
  }

  release(): void {
    if (--this.#holds === 0) clearInterval(this.#timer);
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.hold();
    try {
      return await work;
    } finally {
      this.release();
    }
  }
}
