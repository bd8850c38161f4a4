/** How far a stage is. `done` and `total` count `unit`s; `total` is 0 while it is unknown. */
export type Progress = {
  stage: string;
  done: number;
  total: number;
  unit: string;
  /** A short live remark such as `loss 2.31, 412 tokens/s`. */
  note?: string;
};

/** Something that only the person knows, asked while an operation runs. */
export type Question = {
  /** What is asked, as one line. */
  what: string;
  /** What may be answered, the best guess first, each with what speaks for it. */
  candidates: { answer: string; evidence: string }[];
};

/** What every long operation takes last: where to report, and how to stop it. */
export type Run = {
  onProgress?: (progress: Progress) => void;
  /** One line for people, for what they should know before they wait. */
  say?: (line: string) => void;
  /** Asks the person; one of the candidates' answers, or undefined where nobody is there to answer. */
  ask?: (question: Question) => Promise<string | undefined>;
  /** Aborting makes the operation rethrow `signal.reason` at its next tensor, batch or message. */
  signal?: AbortSignal;
};

/**
 * For work in memory, which would keep the thread to itself: awaited now and then, it reports, lets in what waits,
 * such as Ctrl-C, and throws the signal's reason if that was it.
 */
export async function breathe(run: Run, progress: Progress): Promise<void> {
  run.onProgress?.(progress);
  await new Promise((resolve) => void setImmediate(resolve));
  run.signal?.throwIfAborted();
}
