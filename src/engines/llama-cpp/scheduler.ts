import { closedModel } from "./closed-model.js";

/** A token to compute: where it stands, in which sequence, and whether its logits are wanted. */
export type Row = { token: number; position: number; sequence: number; output: boolean };

/** A model that computes tokens of several sequences in one go and remembers each sequence's past. */
export interface Decoder {
  /** Computes rows; positions of a sequence follow on what it holds. */
  decode(rows: readonly Row[]): Promise<void>;
  /** The logits after row `index` of the last `decode`, one per vocabulary entry; valid until the next. */
  logits(index: number): Float32Array;
  /** Makes a sequence forget all from a position on. */
  forget(sequence: number, from: number): void;
}

/** A sequence to compute. */
export type Job = {
  /** All tokens so far; `read` may append one, and then the job goes on. */
  tokens: number[];
  /** Logits are read after this position and all later ones. */
  readFrom: number;
  read(logits: Float32Array, position: number): void;
  signal?: AbortSignal | undefined;
};

type Waiting = { job: Job; resolve: () => void; reject: (reason: unknown) => void };
type Slot = { sequence: number; held: number[]; lastUsed: number; busy?: Waiting | undefined };

/**
 * Computes jobs side by side: in each step every running sequence gets its next token, and what room is left in the
 * batch goes to prompts (continuous batching). A new job takes the free sequence that shares the longest beginning
 * with it, and only the rest is computed.
 */
export class Scheduler {
  readonly #decoder: Decoder;
  readonly #limits: { rows: number; outputs: number };
  readonly #slots: Slot[];
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  #closed = false;
  #clock = 0;

  /** `rows` and `outputs` limit one step; the more rows, the later an abort is noticed. */
  constructor(decoder: Decoder, limits: { sequences: number; rows: number; outputs: number }) {
    this.#decoder = decoder;
    this.#limits = limits;
    this.#slots = Array.from({ length: limits.sequences }, (_, sequence) => ({
      sequence,
      held: [],
      lastUsed: 0,
    }));
  }

  /** Computes a job until it appends nothing more. Rethrows the reason of an abort. */
  run(job: Job): Promise<void> {
    if (this.#closed) return Promise.reject(closedModel());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Ends all jobs and waits for the step under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    for (;;) {
      // Lets whoever was answered in the last step ask for more, so that it joins this one.
      await new Promise((resolve) => setImmediate(resolve));
      this.#dropAborted();
      this.#assign();
      const rows = this.#gather();
      if (rows.length === 0) break;
      try {
        await this.#decoder.decode(rows);
        this.#distribute(rows);
      } catch (error) {
        this.#failAll(error);
      }
    }
    this.#working = undefined;
  }

  #dropAborted(): void {
    const reason = ({ job }: Waiting): unknown =>
      this.#closed ? closedModel() : job.signal?.aborted ? job.signal.reason : undefined;
    for (const slot of this.#slots) {
      const cause = slot.busy && reason(slot.busy);
      if (cause !== undefined) this.#release(slot)?.reject(cause);
    }
    this.#waiting = this.#waiting.filter((waiting) => {
      const cause = reason(waiting);
      if (cause !== undefined) waiting.reject(cause);
      return cause === undefined;
    });
  }

  #assign(): void {
    for (;;) {
      const free = this.#slots.filter(({ busy }) => !busy);
      const next = free.length > 0 ? this.#waiting.shift() : undefined;
      if (!next) return;
      const { tokens, readFrom } = next.job;
      const shared = new Map(free.map((slot) => [slot, sharedLength(slot.held, tokens)]));
      const slot = free.reduce((best, each) => {
        const gain = shared.get(each)! - shared.get(best)!;
        return gain > 0 || (gain === 0 && each.lastUsed < best.lastUsed) ? each : best;
      });
      slot.busy = next;
      // What is to be read has to be computed again.
      slot.held.length = Math.min(shared.get(slot)!, readFrom);
      this.#decoder.forget(slot.sequence, slot.held.length);
    }
  }

  #gather(): Row[] {
    const rows: Row[] = [];
    let outputs = 0;
    for (const slot of this.#slots.filter(({ busy }) => busy).sort((a, b) => pending(a) - pending(b))) {
      const { tokens, readFrom } = slot.busy!.job;
      for (let position = slot.held.length; position < tokens.length; position += 1) {
        const output = position >= readFrom;
        if (rows.length === this.#limits.rows || (output && outputs === this.#limits.outputs)) break;
        if (output) outputs += 1;
        rows.push({ token: tokens[position]!, position, sequence: slot.sequence, output });
      }
    }
    return rows;
  }

  #distribute(rows: readonly Row[]): void {
    rows.forEach(({ token, position, sequence, output }, index) => {
      const slot = this.#slots[sequence]!;
      slot.held.push(token);
      if (!output || !slot.busy) return;
      try {
        slot.busy.job.read(this.#decoder.logits(index), position);
      } catch (error) {
        this.#release(slot)?.reject(error);
      }
    });
    for (const slot of this.#slots) {
      if (slot.busy && slot.held.length === slot.busy.job.tokens.length) this.#release(slot)?.resolve();
    }
  }

  /** After a failed step nobody knows what the sequences hold. */
  #failAll(error: unknown): void {
    for (const slot of this.#slots) {
      this.#release(slot)?.reject(error);
      slot.held.length = 0;
      this.#decoder.forget(slot.sequence, 0);
    }
  }

  #release(slot: Slot): Waiting | undefined {
    const { busy } = slot;
    slot.busy = undefined;
    slot.lastUsed = this.#clock += 1;
    return busy;
  }
}

function pending({ busy, held }: Slot): number {
  return busy!.job.tokens.length - held.length;
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length += 1;
  return length;
}
