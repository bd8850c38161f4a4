import type { Progress } from "../progress.js";

const REDRAW_MS = 100;
const PLAIN_EVERY_MS = 10_000;
const BAR = 24;
/** What is less would read as none. */
const LEAST_RATE = 0.05;

/** Shows how far the work is: one live line on a terminal, a line now and then elsewhere. */
export type ProgressBar = { show: (progress: Progress) => void; clear: () => void };

/** A progress bar on a stream such as `process.stderr`. */
export function createProgressBar(stream: NodeJS.WriteStream, now: () => number = Date.now): ProgressBar {
  let phase = "";
  let started = 0;
  let startDone = 0;
  let last = -Infinity;
  let drawn = false;
  const clear = (): void => {
    if (drawn) stream.write("\r\u001B[K");
    drawn = false;
  };
  return {
    clear,
    show: (progress) => {
      const time = now();
      const next = `${progress.stage} ${progress.unit} ${progress.total}`;
      if (next !== phase) {
        // What a resumed stage had done before says nothing of the speed now.
        if (stream.isTTY) last = -Infinity;
        // What is soon over is no line in a log.
        else if (phase === "") last = time;
        [phase, started, startDone] = [next, time, progress.done];
      }
      const whole = progress.total > 0 && progress.done >= progress.total;
      if (time - last < (stream.isTTY ? REDRAW_MS : PLAIN_EVERY_MS) && !(whole && stream.isTTY)) return;
      last = time;
      const line = progressLine(progress, (time - started) / 1000, progress.done - startDone);
      if (!stream.isTTY) {
        stream.write(`${line}\n`);
        return;
      }
      clear();
      stream.write(line.slice(0, (stream.columns ?? 80) - 1));
      drawn = true;
    },
  };
}

/**
 * One line: stage, bar, share, count, rate, time left, remark.
 *
 * @param seconds since the work began or was resumed
 * @param doneSince units done in that time
 */
export function progressLine(
  { stage, done, total, unit, note }: Progress,
  seconds: number,
  doneSince: number,
): string {
  const rate = seconds > 0 ? doneSince / seconds : 0;
  const [counted, each] = unit === "bytes" ? ["B", "B/s"] : [` ${unit}`, "/s"];
  const parts = [stage.padEnd(9)];
  if (total > 0) {
    const share = Math.min(1, done / total);
    const full = Math.round(share * BAR);
    parts.push("━".repeat(full) + "─".repeat(BAR - full), `${Math.floor(share * 100)} %`.padStart(5));
    parts.push(`${short(done)}/${short(total)}${counted}`);
  } else {
    parts.push(`${short(done)}${counted}`);
  }
  if (rate >= LEAST_RATE) parts.push(`${short(rate)}${each}`);
  if (rate > 0 && total > done) parts.push(`${clock((total - done) / rate)} left`);
  if (note) parts.push(note);
  return parts.join("  ");
}

/** 1234567 as `1.2M`; small numbers with two digits that count. */
export function short(count: number): string {
  for (const [limit, letter] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (count >= limit) return `${(count / limit).toFixed(1)}${letter}`;
  }
  return count >= 10 || Number.isInteger(count) ? count.toFixed(0) : count.toFixed(1);
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
