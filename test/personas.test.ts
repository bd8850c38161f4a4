import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { type Bubble, type Persona, readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { writeMemoTraceCsv } from "../personas/write-memotrace-csv.js";
import { writeTelegram } from "../personas/write-telegram.js";
import { writeWhatsapp } from "../personas/write-whatsapp.js";
import { makeDialogues } from "../src/dialogue/make-dialogues.js";
import { RESTORABLE } from "../src/dialogue/restore.js";
import { dialogueSettings } from "../src/dialogue/settings.js";
import type { Message } from "../src/import/message.js";
import { packageRoot } from "../src/project/paths.js";
import { imported, root } from "./chat-exports.js";

const FORMS = {
  "MemoTrace's CSV": writeMemoTraceCsv,
  Telegram: writeTelegram,
  "WhatsApp for iOS": (persona: Persona, folder: string) => writeWhatsapp(persona, folder, { system: "ios" }),
  "WhatsApp for Android": (persona: Persona, folder: string) =>
    writeWhatsapp(persona, folder, { system: "android" }),
};
type Form = keyof typeof FORMS;

/** What everybody said, as lines in order: contact, time, side and words. */
function lines(messages: readonly Message[], toMinutes: boolean): string[] {
  return messages
    .filter(({ kind }) => kind === "text")
    .map(({ contact, time, owner, text }) => line(contact, { time: time!, owner, text }, toMinutes))
    .sort();
}

function line(contact: string, { time, owner, text }: Bubble, toMinutes: boolean): string {
  return `${contact} ${toMinutes ? time - (time % 60) : time} ${owner ? ">" : "<"} ${text}`;
}

function folderOf(name: string, form: string): string {
  return join(root, name, form.replaceAll(/\W/g, ""));
}

type Golden = Record<
  string,
  { dialogues: number; replies: number; sha256: string; first: [string, string][][] }
>;

for (const name of ["remy", "aze", "wren"]) {
  describe(`${name}'s chats`, () => {
    let persona: Persona;
    let said: (toMinutes: boolean) => string[];
    const importForms = (...forms: string[]) =>
      imported(
        forms.map((form) => folderOf(name, form)),
        { owner: persona.name, timeZone: "UTC" },
      );

    before(async () => {
      persona = await readPersona(join(packageRoot, "personas", name));
      said = (toMinutes) =>
        persona.sessions
          .flatMap(({ contact, bubbles }) => bubbles.map((bubble) => line(contact, bubble, toMinutes)))
          .sort();
      for (const [form, write] of Object.entries(FORMS)) await write(persona, folderOf(name, form));
      await writeMemoTrace(persona, folderOf(name, "training"), { generation: "v2" });
    });

    for (const form of Object.keys(FORMS) as Form[]) {
      test(`${form} gives the same messages as the persona said`, async () => {
        const { messages, report } = await importForms(form);
        const toMinutes = form === "WhatsApp for Android";
        assert.deepEqual(lines(messages, toMinutes), said(toMinutes));
        assert.deepEqual(report.problems, []);
        assert.equal(report.owner.name, persona.name);
      });
    }

    test("MemoTrace's training data gives the same words, as far as it has them", async () => {
      const { messages } = await importForms("training");
      const spoken = new Set(said(false).map((one) => one.replace(/ \d+ /, " ")));
      const heard = messages
        .filter(({ kind }) => kind === "text")
        .flatMap(({ contact, owner, text }) =>
          text.split("\n").map((words) => `${contact} ${owner ? ">" : "<"} ${words}`),
        );
      assert.ok(heard.length > 0.5 * said(false).length);
      assert.deepEqual(
        heard.filter((one) => !spoken.has(one)),
        [],
      );
    });

    test("two exports of one chat give each message once, whatever their order", async () => {
      const pairs: [string, string][] = [
        ["WhatsApp for iOS", "WhatsApp for Android"],
        ["MemoTrace's CSV", "training"],
      ];
      for (const [one, other] of pairs) {
        const { out, messages, report } = await importForms(one, other);
        assert.deepEqual(
          lines(
            messages.filter(({ time }) => time !== null),
            false,
          ),
          said(false),
        );
        const untimed = messages.filter(({ time, kind }) => time === null && kind === "text");
        assert.ok(untimed.length <= 0.02 * messages.length, `${untimed.length} untimed beside ${one}`);
        assert.equal(report.read, report.messages + report.duplicates.messages);
        const turned = await importForms(other, one);
        const [bytes, turnedBytes] = await Promise.all(
          [out, turned.out].map((folder) => readFile(join(folder, "messages.jsonl"))),
        );
        assert.ok(bytes!.equals(turnedBytes!));
      }
    });

    test("dialogues are those that a second implementation makes of the scripts", async () => {
      const path = join(packageRoot, "test/golden/dialogue/dialogues.json");
      const golden = (JSON.parse(await readFile(path, "utf8")) as Record<string, Golden>)[name]!;
      for (const form of ["MemoTrace's CSV", "Telegram", "WhatsApp for iOS"] as const) {
        const { messages } = await importForms(form);
        const settings = dialogueSettings.parse({
          gapMinutes: 30,
          burstMinutes: 3,
          heldOut: 0,
          // Nothing but the cutting is looked at.
          restore: RESTORABLE.filter((rule) => rule !== "too-long"),
        });
        const { dialogues } = await makeDialogues(messages, settings);
        for (const [contact, expected] of Object.entries(golden)) {
          const own = dialogues
            .filter((dialogue) => dialogue.contact === contact)
            .map(({ turns }) => turns.map(({ role, text }) => [role, text]));
          assert.deepEqual(own.slice(0, expected.first.length), expected.first);
          const sha256 = createHash("sha256").update(JSON.stringify(own)).digest("hex");
          const replies = own.flat().filter(([role]) => role === "assistant").length;
          assert.deepEqual(
            { dialogues: own.length, replies, sha256 },
            { dialogues: expected.dialogues, replies: expected.replies, sha256: expected.sha256 },
            `${form}, ${contact}`,
          );
        }
        assert.equal(new Set(dialogues.map(({ contact }) => contact)).size, Object.keys(golden).length);
      }
    });
  });
}
