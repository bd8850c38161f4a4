import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { localTimeIn } from "../src/import/local-time.js";
import { whatsappTxt } from "../src/import/sources/whatsapp/whatsapp-txt.js";
import { packageRoot } from "../src/project/paths.js";
import { readSource, sniffFile } from "../test/read-source.js";
import { parseScript, type Persona, readPersona } from "./read.js";
import { writeWhatsapp, type WhatsappSystem } from "./write-whatsapp.js";

const root = await mkdtemp(join(tmpdir(), "whatsapp-"));
after(() => rm(root, { recursive: true }));

async function textsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".txt")).sort();
}

for (const name of ["remy", "aze", "wren"]) {
  for (const system of ["android", "ios"] satisfies WhatsappSystem[]) {
    test(`${name}: the texts of ${system} import to the bubbles that they were written from`, async () => {
      const persona = await readPersona(join(packageRoot, "personas", name));
      const folder = join(root, `${name}-${system}`);
      await writeWhatsapp(persona, folder, { system });
      const paths = await textsIn(folder);
      assert.equal(paths.length, persona.contacts.length);
      for (const path of paths) {
        const file = { path, content: await readFile(join(folder, path)) };
        assert.ok((await sniffFile(whatsappTxt, file)) > 0.9);
        const read = await readSource(whatsappTxt, file, { localTime: localTimeIn("UTC") });
        assert.deepEqual([read.problems, read.notes, read.owners], [[], [], [persona.name]]);
        const [notice, ...messages] = read.messages;
        assert.equal(notice!.kind, "system");
        const contact = notice!.conversation.name;
        const bubbles = persona.sessions.filter((s) => s.contact === contact).flatMap((s) => s.bubbles);
        assert.deepEqual(
          messages.map(({ time, sender, text, kind }) => ({
            time,
            owner: sender === persona.name,
            text,
            kind,
          })),
          bubbles.map((bubble) => ({
            ...bubble,
            kind: "text",
            time: system === "android" ? bubble.time - (bubble.time % 60) : bubble.time,
          })),
        );
      }
    });
  }
}

test("names that no file may have, a contact without a message, and what the lines look like", async () => {
  const persona: Persona = {
    name: "阿泽",
    language: "zh",
    contacts: [
      { name: "公司/前台", system: "" },
      { name: "没人", system: "" },
    ],
    habits: [],
    planted: [],
    sessions: parseScript("== 2025-03-04 00:05 | 公司/前台\n< 快递到了\n+14h\n> 好", "script"),
  };
  await writeWhatsapp(persona, join(root, "odd"), { system: "android" });
  assert.deepEqual(await textsIn(join(root, "odd")), [
    "与公司_前台的 WhatsApp 聊天.txt",
    "与没人的 WhatsApp 聊天.txt",
  ]);
  const text = await readFile(join(root, "odd", "与公司_前台的 WhatsApp 聊天.txt"), "utf8");
  assert.deepEqual(text.split("\n").slice(1), [
    "2025/3/4 上午12:05 - 公司/前台: 快递到了",
    "2025/3/4 下午2:05 - 阿泽: 好",
    "",
  ]);
  await writeWhatsapp(persona, join(root, "odd-ios"), { system: "ios" });
  const ios = await readFile(join(root, "odd-ios", "WhatsApp Chat - 公司_前台", "_chat.txt"), "utf8");
  assert.match(ios, /^\[2025\/3\/4 上午12:05:00\] 公司\/前台: \u200e消息和通话已进行端到端加密。.*\r\n/);
});
