// Writes conversations.json and templates.json, from which render.go makes rendered.json. After `npm run build`:
// node test/golden/go-template/make-golden.mjs && (cd test/golden/go-template && go run render.go)
import { writeFileSync } from "node:fs";
import { CHAT_TEMPLATES } from "../../../dist/src/formats/template/chat-template.js";
import { createRandom } from "../../../dist/src/random.js";
import { goTemplate } from "../../../dist/src/serve/modelfile.js";

const random = createRandom("go template");
const pick = (list) => list[Math.floor(random() * list.length)];
const said = ["好的", "周六去爬山不?\n几点", "ok", "lol no \"way\"", "{{ .System }}", "<b>&amp;</b>", "哈哈[捂脸]", "a\n\nb", "🌹", "'s", "\\n"];
// The line break at the start is what Page Assist sends; an empty message is possible too.
const content = () => pick(["", "\n"]) + (random() < 0.05 ? "" : Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(said)).join(" "));
const conversations = Array.from({ length: 60 }, () => {
  const messages = random() < 0.5 ? [{ role: "system", content: pick(said) }] : [];
  const turns = 1 + Math.floor(random() * 6);
  for (let turn = 0; turn < turns; turn += 1) {
    messages.push({ role: turn % 2 === 0 ? "user" : "assistant", content: content() });
  }
  return messages;
});
const write = (name, value) =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(value, null, 2)}\n`);
write("conversations.json", conversations);
write("templates.json", Object.fromEntries(CHAT_TEMPLATES.map((each) => [each.id, goTemplate(each)])));
