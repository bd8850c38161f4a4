import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Bubble, Persona } from "./read.js";

/** Which WhatsApp wrote the file; Android's has minutes only. */
export type WhatsappSystem = "android" | "ios";

const NOTICE = {
  en: "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.",
  zh: "消息和通话已进行端到端加密。只有此聊天中的参与者才能阅读、收听或分享。",
};

/**
 * Writes what WhatsApp would have exported for this person: a text for each contact, named after the contact for
 * Android, or for iOS `_chat.txt` in a folder where the zip was unpacked. Dates and phrases are those of the persona's
 * language.
 *
 * The scripts' clock is UTC, and so is the phone's.
 */
export async function writeWhatsapp(
  persona: Persona,
  folder: string,
  { system }: { system: WhatsappSystem },
): Promise<void> {
  for (const { name } of persona.contacts) {
    const bubbles = persona.sessions.filter(({ contact }) => contact === name).flatMap((s) => s.bubbles);
    const path = join(folder, fileName(name, persona.language, system));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, whatsappText(persona, name, bubbles, system));
  }
}

function fileName(contact: string, language: Persona["language"], system: WhatsappSystem): string {
  const name = contact.replaceAll(/[/\\:*?"<>|]/g, "_");
  if (system === "ios") return join(`WhatsApp Chat - ${name}`, "_chat.txt");
  return language === "zh" ? `与${name}的 WhatsApp 聊天.txt` : `WhatsApp Chat with ${name}.txt`;
}

function whatsappText(
  { name: owner, language }: Persona,
  contact: string,
  bubbles: readonly Bubble[],
  system: WhatsappSystem,
): string {
  const head = (time: number) => {
    const stamp = language === "zh" ? chineseStamp(time, system) : englishStamp(time, system);
    return system === "ios" ? `[${stamp}] ` : `${stamp} - `;
  };
  const first = bubbles[0]?.time ?? 0;
  const notice = system === "ios" ? `${contact}: \u200e${NOTICE[language]}` : NOTICE[language];
  const lines = bubbles.map(({ time, owner: own, text }) => `${head(time)}${own ? owner : contact}: ${text}`);
  const end = system === "ios" ? "\r\n" : "\n";
  return [head(first) + notice, ...lines].map((line) => line + end).join("");
}

/** `14/03/2025, 13:55`, with seconds on iOS. */
function englishStamp(time: number, system: WhatsappSystem): string {
  const iso = new Date(time * 1000).toISOString();
  const [year, month, day] = iso.slice(0, 10).split("-");
  return `${day}/${month}/${year}, ${iso.slice(11, system === "ios" ? 19 : 16)}`;
}

/** `2025/3/14 下午1:55`, with seconds on iOS. */
function chineseStamp(time: number, system: WhatsappSystem): string {
  const date = new Date(time * 1000);
  const hour = date.getUTCHours();
  const rest = date.toISOString().slice(13, system === "ios" ? 19 : 16);
  const day = `${date.getUTCFullYear()}/${date.getUTCMonth() + 1}/${date.getUTCDate()}`;
  return `${day} ${hour < 12 ? "上午" : "下午"}${hour % 12 || 12}${rest}`;
}
