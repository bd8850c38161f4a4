import type { Sink } from "../files.js";
import type { Run } from "../progress.js";

const BYTES = 1 << 20;
/** A UTF-16 code unit takes no more than three bytes in UTF-8. */
const MOST_BYTES_OF_UNIT = 3;

/** Lines on their way to a file, and how far the writing of all messages is. */
export class Output {
  #sink: Sink;
  #total: number;
  #run: Run;
  #bytes = Buffer.allocUnsafe(BYTES);
  #end = 0;
  #done = 0;

  constructor(sink: Sink, total: number, run: Run) {
    this.#sink = sink;
    this.#total = total;
    this.#run = run;
  }

  /** Whether it is time to flush. */
  get isFull(): boolean {
    return this.#end > BYTES >> 1;
  }

  add(line: string): void {
    const most = MOST_BYTES_OF_UNIT * line.length;
    if (this.#bytes.length - this.#end < most) {
      const larger = Buffer.allocUnsafe(2 * this.#bytes.length + most);
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    this.#end += this.#bytes.write(line, this.#end);
  }

  /** So many of the spooled messages more have been dealt with. */
  done(messages: number): void {
    this.#done += messages;
  }

  async flush(): Promise<void> {
    this.#run.signal?.throwIfAborted();
    await this.#sink.write(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    this.#run.onProgress?.({ stage: "import", done: this.#done, total: this.#total, unit: "messages" });
  }
}
