import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Trimmer } from "../trimmer.js";
import { toConversation } from "./conversation.js";
import { StopFinder } from "./stop-finder.js";
import { Thoughts } from "./thoughts.js";

/** Texts full of what is looked for, whole and in part. */
const text = fc
  .array(
    fc.constantFrom(
      "a",
      "ab",
      "<",
      "<think>",
      "</think>",
      "</th",
      "ink>",
      "\n",
      " ",
      "好",
      "STOP",
      "ST",
      "OP",
    ),
    {
      maxLength: 14,
    },
  )
  .map((words) => words.join(""));
const cuts = fc.array(fc.nat(30), { maxLength: 6 });

function pieces(whole: string, places: readonly number[]): string[] {
  const at = [...new Set(places)].filter((place) => place < whole.length).sort((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
}

describe("StopFinder", () => {
  it("ends before the first stop, however the text is cut", () => {
    fc.assert(
      fc.property(text, cuts, (whole, places) => {
        const finder = new StopFinder(["STOP", "</think>a", ""]);
        let given = "";
        let stopped = false;
        for (const piece of pieces(whole, places)) {
          const found = finder.push(piece);
          given += found.text;
          stopped = found.stopped;
          if (stopped) break;
        }
        if (!stopped) given += finder.rest();
        const first = Math.min(
          ...["STOP", "</think>a"].map((stop) => whole.indexOf(stop)).filter((at) => at >= 0),
        );
        assert.equal(stopped, Number.isFinite(first));
        assert.equal(given, Number.isFinite(first) ? whole.slice(0, first) : whole);
      }),
    );
  });
});

/** What is said and what is thought in a text that comes in pieces. */
function split(whole: string, places: readonly number[]): { said: string; thought: string } {
  const thoughts = new Thoughts();
  const stretches = [...pieces(whole, places).flatMap((piece) => thoughts.push(piece)), ...thoughts.rest()];
  const of = (thinking: boolean) =>
    stretches
      .filter((each) => each.thinking === thinking)
      .map((each) => each.text)
      .join("");
  return { said: of(false), thought: of(true) };
}

describe("Thoughts", () => {
  it("are told from what is said the same way, however the text is cut", () => {
    fc.assert(
      fc.property(text, cuts, (whole, places) => assert.deepEqual(split(whole, places), split(whole, []))),
    );
  });

  it("lose nothing but the tags", () => {
    fc.assert(
      fc.property(text, cuts, (whole, places) => {
        const { said, thought } = split(whole, places);
        const bare = whole.replaceAll(/<\/?think>/g, "");
        assert.equal(said.length + thought.length, bare.length);
      }),
    );
    assert.deepEqual(split("<think>hm\n</think>\nyes", []), { said: "\nyes", thought: "hm\n" });
    assert.deepEqual(split("so</think>yes", []), { said: "soyes", thought: "" });
  });
});

describe("Trimmer", () => {
  it("trims as the whole would be", () => {
    fc.assert(
      fc.property(text, cuts, fc.boolean(), (whole, places, begun) => {
        const trimmer = new Trimmer(begun);
        const given = pieces(whole, places)
          .map((piece) => trimmer.push(piece))
          .join("");
        if (!begun) assert.equal(given, whole.trim());
        else assert.equal(given.trimEnd(), whole.trimEnd());
      }),
    );
  });
});

describe("toConversation", () => {
  const message = fc.record({
    role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
    content: text,
  });

  it("alternates, ends with the user, and loses no word", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const { system, turns, begun } = toConversation(messages, "usual");
        for (const [at, turn] of turns.entries()) assert.notEqual(turn.role, turns[at - 1]?.role);
        assert.notEqual(turns.at(-1)?.role, "assistant");
        const all = [system, ...turns.map((turn) => turn.text), begun].join("\n");
        for (const { content } of messages) assert.ok(all.includes(content.trim()));
      }),
    );
  });

  it("makes several messages one turn, a line each, without the line break that Page Assist adds", () => {
    const said = toConversation(
      [
        { role: "user", content: "\nhey" },
        { role: "user", content: "\nyou there" },
        { role: "system", content: "be brief" },
        { role: "assistant", content: "ye" },
      ],
      null,
    );
    assert.deepEqual(said, {
      system: "be brief",
      turns: [{ role: "user", text: "hey\nyou there" }],
      begun: "ye",
    });
  });
});
