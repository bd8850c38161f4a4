import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CHAT_TEMPLATES, textOf } from "../formats/template/chat-template.js";
import { render, renderPrompt } from "../formats/template/encode.js";
import { goTemplate, modelfile } from "./modelfile.js";

const GOLDEN = new URL("../../../test/golden/go-template/", import.meta.url);
const read = async <Value>(name: string) =>
  JSON.parse(await readFile(new URL(name, GOLDEN), "utf8")) as Value;

type Message = { role: "system" | "user" | "assistant"; content: string };
const conversations = await read<Message[][]>("conversations.json");
const { rendered } = await read<{ rendered: Record<string, string[]> }>("rendered.json");
const templates = await read<Record<string, string>>("templates.json");

for (const template of CHAT_TEMPLATES) {
  test(`Go writes ${template.id} as training does, without the begin token`, () => {
    assert.equal(templates[template.id], goTemplate(template), "the golden file is of this template");
    for (const [place, messages] of conversations.entries()) {
      const system = messages[0]?.role === "system" ? messages[0].content : null;
      const turns = messages
        .filter(({ role }) => role !== "system")
        .map(({ role, content }) => ({ role: role as "user" | "assistant", text: content, weight: 0 }));
      const last = turns.at(-1);
      const open =
        last?.role === "assistant"
          ? textOf(renderPrompt(template, { system, turns: turns.slice(0, -1) })) + last.text.trim()
          : textOf(renderPrompt(template, { system, turns }));
      const begin = textOf(render(template, { system: null, turns: [] }));
      assert.equal(begin + rendered[template.id]![place]!, open, `conversation ${place}`);
    }
  });

  test(`the Go template of ${template.id} speaks of neither thinking nor tools`, () => {
    assert.doesNotMatch(goTemplate(template), /think|tool/i);
  });
}

test("a Modelfile says everything, quoted so that it is read back as it is", () => {
  const text = modelfile({
    from: "model-q4_k_m.gguf",
    adapter: "adapter.gguf",
    template: "{{ .Prompt }}",
    system: 'You are "Remy", \nwho is here.',
    parameters: { num_ctx: 4096, temperature: 0.8, stop: ["<|im_end|>", "<|im_start|>"] },
  });
  assert.equal(
    text,
    `FROM ./model-q4_k_m.gguf
ADAPTER ./adapter.gguf
TEMPLATE """{{ .Prompt }}"""
SYSTEM """You are "Remy", 
who is here."""
PARAMETER num_ctx 4096
PARAMETER temperature 0.8
PARAMETER stop """<|im_end|>"""
PARAMETER stop """<|im_start|>"""
`,
  );
});

test("what a Modelfile cannot say is refused, and not shown", () => {
  const parts = { from: "x.gguf", template: "", parameters: {} };
  for (const system of ['a """ b', 'she said "no"']) {
    assert.throws(
      () => modelfile({ ...parts, system }),
      /^Unsupported: serve Modelfile: SYSTEM has three double quotes/,
    );
  }
});
