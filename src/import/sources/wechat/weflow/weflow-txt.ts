import { readLines } from "../../../reading/lines.js";
import { isoTime } from "../../iso-time.js";
import { peek } from "../../peek.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { weflowChatName, weflowText } from "./weflow-text.js";

const HEAD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) '(.*)'$/;
/** How the owner is called, in chats of two only. */
const MYSELF = "我";

/**
 * WeFlow's text file: the time and the speaker in single quotes, the words below, a blank line.
 *
 * @source hicccc77/WeFlow, electron/services/export/formatters/TxtFormatter.ts (2026)
 */
export const weflowTxt: Source = {
  id: "weflow-txt",
  label: "WeFlow's text",
  platform: "wechat",
  rank: 3,
  sniff: ({ text }: Head) => (/^\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d '[^\n]*'\r?\n/.test(text) ? 0.9 : 0),
  read,
};

type Message = { time: string; sender: string; place: string; lines: string[] };

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(readLines(file));
  const names = new Set<string>();
  for (const one of first) {
    const name = one.kind === "line" ? HEAD.exec(one.text)?.[2] : undefined;
    if (name !== undefined) names.add(name);
  }
  const conversation = conversationOf(names, weflowChatName(named.name, file.name));
  const ofTwo = !conversation.group && names.has(MYSELF);
  let message: Message | undefined;
  for await (const line of all) {
    run.signal?.throwIfAborted();
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const [, time, sender] = HEAD.exec(line.text) ?? [];
    if (time === undefined) message?.lines.push(line.text);
    else {
      if (message) yield* finish(message);
      message = { time, sender: sender!, place: `line ${line.number}`, lines: [] };
    }
  }
  if (message) yield* finish(message);

  function* finish({ time: written, sender, place, lines }: Message): Iterable<Found> {
    const text = lines.join("\n").trim();
    const time = isoTime(written, localTime);
    if (time === null) yield { kind: "problem", place, what: "there is no such time" };
    if (time === null || text === "") return;
    const own = ofTwo && sender === MYSELF;
    const said = weflowText(text, own);
    if (said.text === "") return;
    const base = { ...said, conversation, session: null, time, originalType: null };
    const message: Draft =
      said.kind === "system"
        ? { ...base, sender: "", owner: false }
        : { ...base, sender, owner: ofTwo ? own : null };
    yield { kind: "message", message };
  }
}

function conversationOf(
  names: ReadonlySet<string>,
  { name, group }: { name: string; group: boolean | null },
): Conversation {
  const others = [...names].filter((one) => one !== MYSELF);
  if (group ?? (!names.has(MYSELF) && names.size > 1)) return { id: null, name, group: true };
  return { id: null, name: (others.length === 1 && others[0]) || name, group: false };
}
