import type { Run } from "../progress.js";

const REPORT_EVERY_BYTES = 1 << 20;

/** How far the reading of all files is: in bytes, with messages per second beside. */
export class Pace {
  #total: number;
  #run: Run;
  #started = Date.now();
  #before = 0;
  #inFile = 0;
  #reported = 0;
  #messagesBefore = 0;
  #messagesInFile = 0;

  /** @param total bytes of all files */
  constructor(total: number, run: Run) {
    this.#total = total;
    this.#run = run;
  }

  /** The same bytes, counted as they pass. */
  async *watch(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      this.#run.signal?.throwIfAborted();
      this.#inFile += piece.byteLength;
      if (this.#inFile - this.#reported >= REPORT_EVERY_BYTES) this.#report();
      yield piece;
    }
  }

  /** How many messages of the file that is being read there are by now. */
  messages(count: number): void {
    this.#run.signal?.throwIfAborted();
    this.#messagesInFile = count;
  }

  /** A file is done, whether it was read now or before. */
  finish(bytes: number, messages: number): void {
    this.#before += bytes;
    this.#messagesBefore += messages;
    this.#inFile = 0;
    this.#messagesInFile = 0;
    this.#report();
  }

  #report(): void {
    this.#reported = this.#inFile;
    const seconds = Math.max(0.001, (Date.now() - this.#started) / 1000);
    const messages = this.#messagesBefore + this.#messagesInFile;
    // A source may read a file twice.
    const done = Math.min(this.#total, this.#before + this.#inFile);
    const note = `${Math.round(messages / seconds).toLocaleString("en-US")} messages/s`;
    this.#run.onProgress?.({ stage: "import", done, total: this.#total, unit: "bytes", note });
  }
}
