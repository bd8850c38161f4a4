import { mkdir, open } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { KouwenError } from "../errors.js";
import type { Progress, Run } from "../progress.js";

/** A stage's log: `logs/<stage>.log`, one JSON object a line. */
export type StageLog = {
  /** The same run, its progress also logged, at most one line in five seconds. */
  watch: (run: Run) => Run;
  close: (ending: { done: true; seconds: number; result: unknown } | { error: unknown }) => Promise<void>;
};

const PROGRESS_EVERY_MS = 5000;

/** Opens the log of a stage and notes the settings it starts with. */
export async function openLog(
  project: string,
  stage: string,
  settings: Record<string, unknown>,
): Promise<StageLog> {
  await mkdir(join(project, "logs"), { recursive: true });
  const handle = await open(join(project, "logs", `${stage}.log`), "a");
  let writing: Promise<unknown> = Promise.resolve();
  const note = (entry: Record<string, unknown>): void => {
    const line = `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`;
    // A log that cannot be written must not stop the work.
    writing = writing.then(() => handle.appendFile(line)).catch(() => {});
  };
  note({ event: "start", settings: withoutNames(settings) });
  let last = 0;
  return {
    watch: (run) => ({
      ...run,
      onProgress: (progress: Progress) => {
        if (Date.now() - last >= PROGRESS_EVERY_MS) {
          last = Date.now();
          // The remark may hold the name of a file, and so of a person.
          const { stage: _, note: __, ...numbers } = progress;
          note({ event: "progress", ...numbers });
        }
        run.onProgress?.(progress);
      },
    }),
    close: async (ending) => {
      if ("error" in ending) note({ event: "stopped", error: describe(ending.error) });
      else note({ event: "done", seconds: ending.seconds, result: ending.result });
      await writing;
      await handle.close().catch(() => {});
    },
  };
}

/** Settings without what may name contacts: those to be forgotten, tables by contact, and the folders of paths. */
function withoutNames({
  forget,
  systemPrompts,
  ...settings
}: Record<string, unknown>): Record<string, unknown> {
  const shown = Object.entries(settings).map(([key, value]) => [
    key,
    typeof value === "string" && isAbsolute(value) ? basename(value) : value,
  ]);
  return {
    ...Object.fromEntries(shown),
    ...(forget === undefined ? {} : { forget: forget !== "" }),
    ...(systemPrompts === undefined ? {} : { systemPrompts: Object.keys(systemPrompts as object).length }),
  };
}

/** Our own errors hold no chat text; of others only the kind is logged. */
function describe(error: unknown): string {
  if (error instanceof KouwenError) return error.message;
  const name = error instanceof Error ? error.name : typeof error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code ? `${name} ${code}` : name;
}
