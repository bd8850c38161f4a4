import { MalformedInput, Unavailable } from "../errors.js";
import type { Call } from "./command.js";

const YES = "yes";

/**
 * Has the person say yes before something is taken away.
 *
 * @param what the question
 * @param gone what a yes costs
 * @param about the command, and its flag where only that takes away; its first word is the stage of errors
 * @throws {Unavailable} nobody is there to answer
 * @throws {MalformedInput} they said no
 */
export async function confirm(what: string, gone: string, about: string, io: Call["io"]): Promise<void> {
  const answer = await io.ask?.({
    what,
    candidates: [
      { answer: "no", evidence: "nothing changes" },
      { answer: YES, evidence: gone },
    ],
  });
  io.signal.throwIfAborted();
  if (answer === YES) return;
  const stage = about.split(" ")[0]!;
  if (answer === undefined) {
    throw new Unavailable(`${about}: nobody is there to say yes. Give --yes.`, { stage });
  }
  throw new MalformedInput(`${about}: kept, as you said. Nothing has changed.`, { stage });
}
