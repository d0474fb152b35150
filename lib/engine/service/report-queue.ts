/** Reports on their way from a worker to the reader of a stream. */
export class ReportQueue<Report> implements AsyncIterable<Report> {
  readonly #reports: Report[] = [];
  #ended = false;
  #wake = () => {};

  push(report: Report): void {
    this.#reports.push(report);
    this.#wake();
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Report> {
    for (;;) {
      for (let report = this.#reports.shift(); report; report = this.#reports.shift()) yield report;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
