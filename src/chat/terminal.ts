import { createInterface } from "node:readline";
import { KouwenError } from "../errors.js";
import type { Run } from "../progress.js";
import type { Chat } from "./chat.js";

/** Where a conversation takes place. */
export type Terminal = {
  /** Who the model speaks as. */
  name: string;
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean; hasColors?: () => boolean };
};

/**
 * Chats until `/exit` or the end of the input: a line is a message, the reply comes as one line a bubble. `/reset`
 * begins anew. Ctrl-C stops a reply, and leaves when there is none to stop. What is not a terminal gets neither prompt
 * nor colours.
 */
export async function chatInTerminal(chat: Chat, terminal: Terminal, run: Run = {}): Promise<void> {
  const { name, input, output } = terminal;
  const interactive = input.isTTY === true && output.isTTY === true;
  const colours = output.hasColors?.() ?? false;
  const label = (who: string, colour: number): string =>
    colours ? `\u001b[${colour}m${who} ›\u001b[39m ` : `${who} › `;
  const lines = createInterface({
    input,
    ...(interactive ? { output } : {}),
    terminal: interactive,
    prompt: label("you", 32),
    ...(run.signal ? { signal: run.signal } : {}),
  });
  // Over a line that is being typed while the reply comes; the next prompt shows it again.
  const show = (text: string): void => void output.write(`${interactive ? "\r\u001b[K" : ""}${text}\n`);
  let replying: AbortController | undefined;
  let leaving = false;
  lines.on("SIGINT", () => {
    if (replying && !replying.signal.aborted) return replying.abort();
    leaving = true;
    lines.close();
  });

  const reply = async (text: string): Promise<void> => {
    const stopping = (replying = new AbortController());
    const signal = AbortSignal.any(run.signal ? [run.signal, stopping.signal] : [stopping.signal]);
    try {
      let count = 0;
      for await (const bubble of chat.say(text, { ...run, signal })) {
        count += 1;
        show(label(name, 36) + visible(bubble));
      }
      if (count === 0) show("(no reply)");
    } catch (error) {
      if (stopping.signal.aborted && !run.signal?.aborted) show("(stopped)");
      else if (interactive && error instanceof KouwenError) show(error.message);
      else throw error;
    } finally {
      replying = undefined;
    }
  };

  try {
    if (interactive) lines.prompt();
    for await (const line of lines) {
      const text = line.trim();
      if (leaving || text === "/exit") break;
      if (text === "/reset") {
        chat.reset();
        show("(a new conversation)");
      } else if (text !== "") await reply(text);
      if (interactive && !leaving) lines.prompt(true);
    }
    run.signal?.throwIfAborted();
  } finally {
    lines.close();
  }
}

/** Without what could move the cursor or change colours: a model may say anything. */
function visible(text: string): string {
  return text.replaceAll("\t", " ").replaceAll(/\p{Cc}/gu, "");
}
