import { createInterface } from "node:readline";
import type { Question } from "../progress.js";

const SHOWN = 20;
const PROMPT = "number or name (Enter: 1) › ";

/** Where a question is asked. */
export type Asking = {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean };
  signal: AbortSignal;
};

/**
 * Asks a person on a terminal: a numbered list, of which Enter takes the first; a name that is not shown may be typed.
 *
 * Where there is no terminal to answer on, the list is shown on one to read on, and nowhere else: it holds names.
 *
 * @returns undefined where nobody can answer
 * @throws the signal's reason, when it is aborted
 */
export async function ask(
  { what, candidates }: Question,
  { input, output, signal }: Asking,
): Promise<string | undefined> {
  if (output.isTTY !== true) return undefined;
  output.write(`${what}\n${candidates.slice(0, SHOWN).map(row).join("")}`);
  if (candidates.length > SHOWN) output.write(`      and ${candidates.length - SHOWN} more\n`);
  if (input.isTTY !== true) return undefined;
  // The terminal's own line editing: it knows how wide every character is, and Ctrl-C stays a signal.
  const lines = createInterface({ input, terminal: false, signal });
  output.write(PROMPT);
  try {
    for await (const line of lines) {
      const word = line.trim();
      const named = candidates.find(({ answer }) => answer === word);
      const chosen = named ?? (word === "" ? candidates[0] : candidates[Number(word) - 1]);
      if (chosen) return chosen.answer;
      output.write(`Neither a number nor a name of the list.\n${PROMPT}`);
    }
    signal.throwIfAborted();
    return undefined;
  } finally {
    // A terminal that is still read keeps the program from ending.
    lines.close();
  }
}

function row({ answer, evidence }: Question["candidates"][number], index: number): string {
  return `${String(index + 1).padStart(4)}  ${visible(answer)}  (${evidence})\n`;
}

/** A name without what would move the cursor or turn the line round. */
function visible(name: string): string {
  return name.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "");
}
