import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { speakingModel, tinyCodec } from "../../test/speaking-model.js";
import { chat } from "./chat.js";
import { type ChatSettings, chatSettings } from "./settings.js";
import { chatInTerminal } from "./terminal.js";

const opened = (model: ReturnType<typeof speakingModel>, settings: Partial<ChatSettings> = {}) =>
  chat(model, tinyCodec, chatSettings.parse(settings));

/** A conversation over pipes. */
async function piped(model: ReturnType<typeof speakingModel>, typed: string): Promise<string> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(typed);
  await chatInTerminal(opened(model), { name: "Remy", input, output });
  return String(output.read() ?? "");
}

/** A terminal: `seen` resolves when the screen has shown the text that often. */
function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, hasColors: () => true });
  let screen = "";
  let check: (() => void) | undefined;
  output.on("data", (bytes: Buffer) => {
    screen += bytes.toString();
    check?.();
  });
  const seen = (text: string, times = 1): Promise<void> =>
    new Promise((resolve) => {
      check = () => {
        if (stripVTControlCharacters(screen).split(text).length > times) resolve();
      };
      check();
    });
  return { input, output, seen, screen: () => screen };
}

describe("chat over pipes", () => {
  it("answers each line and ends with the input", async () => {
    const model = speakingModel(["hey\nyou", "好的"]);
    assert.equal(await piped(model, "hi\n\n  there \n"), "Remy › hey\nRemy › you\nRemy › 好的\n");
    assert.match(model.asked[1]!.prompt, /hi<\|im_end\|>.*hey\nyou<\|im_end\|>.*there<\|im_end\|>/s);
  });

  it("knows /reset and /exit, and says when there is no reply", async () => {
    const model = speakingModel(["", "two", "three"]);
    assert.equal(
      await piped(model, "a\n/reset\nb\n/exit\nc"),
      "(no reply)\n(a new conversation)\nRemy › two\n",
    );
    assert.doesNotMatch(model.asked[1]!.prompt, /a<\|im_end\|>/);
  });

  it("shows nothing that could move the cursor", async () => {
    assert.equal(await piped(speakingModel(["\u001b[2Jbad\u0007\tgood"]), "hi\n"), "Remy › [2Jbad good\n");
  });

  it("ends with the reason when it is stopped", async () => {
    const stopping = new AbortController();
    const reason = new Error("enough");
    const model = speakingModel(["a long story"], () => stopping.abort(reason));
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.write("hi\nand\n");
    const run = { signal: stopping.signal };
    const talk = chatInTerminal(opened(model), { name: "Remy", input, output }, run);
    await assert.rejects(talk, (error) => error === reason);
  });
});

describe("chat in a terminal", () => {
  it("prompts, answers in colour, and stops a reply with Ctrl-C, then leaves", async () => {
    const { input, output, seen, screen } = terminal();
    const model = speakingModel(
      ["one\ntwo and more", "again"],
      (count) => count === 6 && input.write("\u0003"),
    );
    const conversation = opened(model);
    const talk = chatInTerminal(conversation, { name: "Remy", input, output });
    await seen("you › ");
    input.write("hi\r");
    await seen("(stopped)");
    assert.deepEqual(conversation.turns, [
      { role: "user", text: "hi" },
      { role: "assistant", text: "one" },
    ]);
    input.write("so\r");
    await seen("Remy › again");
    assert.ok(screen().includes("\u001b[36mRemy ›\u001b[39m again"));
    await seen("you › ", 3);
    input.write("\u0003");
    await talk;
    assert.equal(model.asked.length, 2);
  });

  it("leaves on a second Ctrl-C, whatever was typed ahead", async () => {
    const { input, output, seen } = terminal();
    const model = speakingModel(["a long story", "never"], (count) => {
      if (count === 3) input.write("typed ahead\r\u0003\u0003");
    });
    const talk = chatInTerminal(opened(model), { name: "Remy", input, output });
    await seen("you › ");
    input.write("hi\r");
    await talk;
    assert.equal(model.asked.length, 1);
  });

  it("goes on after a message that is too long", async () => {
    const { input, output, seen } = terminal();
    const model = speakingModel(["fine"]);
    const conversation = opened(model, { contextTokens: 200, maxTokens: 100 });
    const talk = chatInTerminal(conversation, { name: "Remy", input, output });
    input.write(`${"long ".repeat(60)}\r`);
    await seen("Send a shorter one");
    assert.deepEqual(conversation.turns, []);
    input.write("hi\r");
    await seen("Remy › fine");
    input.write("/exit\r");
    await talk;
  });
});

/** The seeds of two replies. */
async function seedsOf(settings: Partial<ChatSettings>): Promise<number[]> {
  const model = speakingModel(["a", "b"]);
  const conversation = opened(model, settings);
  for (const text of ["1", "2"]) for await (const _bubble of conversation.say(text));
  return model.asked.map(({ sampling }) => sampling.seed);
}

describe("a conversation", () => {
  it("tells the system text, and joins messages that got no reply", async () => {
    const stopping = new AbortController();
    const model = speakingModel(["late", "yes"], () => stopping.abort());
    const conversation = opened(model, { system: "You are Remy." });
    await assert.rejects(async () => {
      for await (const _bubble of conversation.say("hi", { signal: stopping.signal }));
    });
    for await (const bubble of conversation.say("there?")) assert.equal(bubble, "yes");
    assert.match(
      model.asked[1]!.prompt,
      /^<\|im_start\|>system\nYou are Remy\..*user\nhi\nthere\?<\|im_end\|>/s,
    );
  });

  it("draws with a new seed each time unless one is set", async () => {
    assert.deepEqual(await seedsOf({ seed: 7 }), await seedsOf({ seed: 7 }));
    const drawn = [await seedsOf({}), await seedsOf({})].flat();
    assert.equal(new Set(drawn).size, 4);
    assert.ok(drawn.every((seed) => Number.isInteger(seed) && seed >= 0));
  });
});
