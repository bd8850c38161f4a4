import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bubble, Persona } from "./read.js";

/**
 * Writes what Telegram Desktop would have exported of this person's whole account: `result.json` in the folder.
 *
 * The scripts' clock is UTC, and so is the exporting machine's.
 *
 * @source telegramdesktop/tdesktop, export_output_json.cpp: layout only
 */
export async function writeTelegram(persona: Persona, folder: string): Promise<void> {
  const account = accountId(persona.name);
  const ids = messageIds(persona);
  const people = persona.contacts.map(({ name }) => ({ name, id: accountId(name) }));
  const list = people.map(({ name, id }) => ({
    name,
    type: "personal_chat",
    id,
    messages: bubblesWith(persona, name).map((bubble) => ({
      id: ids.get(bubble),
      type: "message",
      date: new Date(bubble.time * 1000).toISOString().slice(0, 19),
      date_unixtime: String(bubble.time),
      from: bubble.owner ? persona.name : name,
      from_id: `user${bubble.owner ? account : id}`,
      text: bubble.text,
      text_entities: [{ type: "plain", text: bubble.text }],
    })),
  }));
  const exported = {
    about: "Here is the data you requested.",
    personal_information: { user_id: account, first_name: persona.name, last_name: "" },
    contacts: {
      about: "The people of your contact list.",
      list: people.map(({ name, id }) => ({ user_id: id, first_name: name, last_name: "" })),
    },
    chats: { about: "This page lists all chats from this export.", list },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "result.json"), JSON.stringify(exported, null, 1));
}

function bubblesWith(persona: Persona, contact: string): Bubble[] {
  return persona.sessions.filter((session) => session.contact === contact).flatMap((s) => s.bubbles);
}

/** An account counts its private messages through, over all chats. */
function messageIds({ sessions }: Persona): Map<Bubble, number> {
  const bubbles = sessions.flatMap((session) => session.bubbles).sort((a, b) => a.time - b.time);
  return new Map(bubbles.map((bubble, at) => [bubble, at + 1]));
}

/** An invented number. */
function accountId(name: string): number {
  return Number.parseInt(createHash("sha256").update(name).digest("hex").slice(0, 8), 16);
}
