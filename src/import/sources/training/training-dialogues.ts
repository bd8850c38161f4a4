import { nameInSystemPrompt } from "../../owner-name.js";
import type { JsonValue, Remark } from "../../reading/json.js";
import type { Draft, Found, ReadContext } from "../source.js";
import { type TrainingTurn, trainingTurns } from "./training-turns.js";

/** What version 3 puts in place of private data, and what WeClone puts where nobody had asked anything. */
const MASK = /\[(?:phone|email|id_card|password|account) xxx\]/g;
const MADE_UP_OPENING = /^\s*<begin_chat>/;

/**
 * The dialogues of training data, each a session of its own.
 *
 * @param values the dialogues, named by their index in a list or by the number of their line
 */
export async function* readDialogues(
  values: AsyncIterable<JsonValue | Remark>,
  { named, run }: ReadContext,
  unit: "dialogue" | "line" = "dialogue",
): AsyncIterable<Found> {
  const counts = { masks: 0, madeUp: 0, swapped: 0 };
  let session = 0;
  for await (const found of values) {
    run.signal?.throwIfAborted();
    if (found.kind === "note") yield found;
    else if (found.kind === "problem") {
      const { place, what } = found;
      // The document itself is none; an empty file is no list, either, but that is all there is to say.
      if (/^character 0\b/.test(place)) {
        yield { kind: "problem", place: "character 0", what: what === "empty" ? what : "not a JSON list" };
        return;
      }
      yield { kind: "problem", place: place.replace(/^element /, "dialogue "), what };
    } else if (typeof found.path[0] !== "number") {
      const isObject = found.path.length > 0;
      const what = isObject ? "one object, not a list of dialogues" : "not a JSON list";
      yield { kind: "problem", place: "character 0", what };
      return;
    } else {
      const place = `${unit} ${found.path[0] + Number(unit === "dialogue")}`;
      const turns = trainingTurns(found.value);
      if (typeof turns === "string") yield { kind: "problem", place, what: turns };
      else if (turns.some(({ text }) => text.includes("\uFFFD")))
        yield { kind: "problem", place, what: "holds characters that could not be decoded" };
      else {
        for (const part of withoutMadeUp(turns, counts)) {
          session += 1;
          for (const message of drafts(part, named.name, session, counts)) yield { kind: "message", message };
        }
      }
    }
  }
  yield* notes(counts);
}

/** What had to be put right in a file, or is worth knowing. */
type Counts = { masks: number; madeUp: number; swapped: number };

/** The parts of a dialogue between made-up turns, which may hold the very answer: nothing is joined across them. */
function withoutMadeUp(turns: readonly TrainingTurn[], counts: Counts): TrainingTurn[][] {
  const system = turns.filter(({ role }) => role === "system");
  const parts: TrainingTurn[][] = [[]];
  for (const turn of turns.slice(system.length)) {
    if (turn.role === "user" && MADE_UP_OPENING.test(turn.text)) {
      counts.madeUp += 1;
      parts.push([]);
    } else parts.at(-1)!.push(turn);
  }
  return parts.filter((part) => part.length > 0).map((part) => [...system, ...part]);
}

function drafts(turns: readonly TrainingTurn[], contact: string, session: number, counts: Counts): Draft[] {
  const prompt = turns.find(({ role }) => role === "system")?.text;
  const name = prompt === undefined ? null : nameInSystemPrompt(prompt);
  // Version 3 can export the contact as the one who answers, and only this sentence tells.
  const swapped = name !== null && name === contact;
  if (swapped) counts.swapped += 1;
  const conversation = { id: null, name: contact, group: false };
  const ownName = swapped ? "" : (name ?? "");
  return turns.map(({ role, text }) => {
    counts.masks += text.match(MASK)?.length ?? 0;
    const owner = role === (swapped ? "user" : "assistant");
    const sender = role === "system" ? "" : owner ? ownName : contact;
    const kind = role === "system" ? "system-prompt" : "text";
    return { conversation, session, sender, owner, time: null, kind, text, originalType: null };
  });
}

function* notes({ masks, madeUp, swapped }: Counts): Iterable<Found> {
  if (masks > 0)
    yield { kind: "note", what: `${masks} privacy masks such as [phone xxx] are part of the texts` };
  if (madeUp > 0) yield { kind: "note", what: `${madeUp} made-up <begin_chat> turns were left out` };
  if (swapped > 0) {
    const what = `${swapped} dialogues have the contact as the one who answers; their roles were turned round`;
    yield { kind: "note", what };
  }
}
