import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { readJsonLines } from "../src/files.js";
import { importChats } from "../src/import/import-chats.js";
import type { Message } from "../src/import/message.js";
import { importSettings, type ImportSettings } from "../src/import/settings.js";

/** A folder for this process's tests, removed when they are done. */
export const root = await mkdtemp(join(tmpdir(), "import-"));
after(() => rm(root, { recursive: true }));
let folders = 0;

/** A new folder `chats` with files: bytes as they are, anything else as JSON. */
export async function folder(files: Record<string, unknown>): Promise<string> {
  const home = join(root, `exports-${(folders += 1)}`, "chats");
  await mkdir(home, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return home;
}

/** What an import of these inputs reports and writes. */
export async function imported(inputs: string | string[], settings: Partial<ImportSettings> = {}) {
  const out = join(root, `out-${(folders += 1)}`);
  const report = await importChats({ inputs: [inputs].flat(), out }, importSettings.parse(settings));
  const messages: Message[] = [];
  for await (const message of readJsonLines<Message>(join(out, "messages.jsonl"), "test"))
    messages.push(message);
  return { out, report, messages };
}

/** One of MemoTrace's dialogues: the contact and the owner in turns, the contact first. */
export function dialogue(...texts: string[]) {
  return {
    conversations: texts.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content })),
  };
}

/** The same with a system prompt before it. */
export function withSystem(system: string, ...texts: string[]) {
  const { conversations } = dialogue(...texts);
  return { conversations: [{ role: "system", content: system }, ...conversations] };
}

/** What was said, whatever way the bubbles were joined and dialogues ordered. */
export function spoken(messages: readonly Message[]): string[] {
  return messages
    .map((message) => `${message.contact} ${mark(message)} ${message.text.replaceAll("，", "\n")}`)
    .sort();
}

function mark({ owner, kind }: Message): string {
  if (kind === "system-prompt") return "*";
  return owner ? ">" : "<";
}
