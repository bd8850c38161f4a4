import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One bubble: who wrote it, when (Unix seconds), and its text. */
export type Bubble = { time: number; owner: boolean; text: string };

/** One sitting with one contact, in order of time. */
export type Session = { contact: string; bubbles: Bubble[] };

/** Private data planted in the chats on purpose, so that redaction and leak tests know the answer. */
export type Planted = { kind: string; value: string };

/** A fictional person: who they are and everything they ever wrote. */
export type Persona = {
  name: string;
  language: "en" | "zh";
  /** The system prompt that an export carries with each dialogue of that contact. */
  contacts: { name: string; system: string }[];
  /** Habits a reader can check: each is a regular expression and the share of own bubbles it must match. */
  habits: { what: string; pattern: string; min: number; max: number }[];
  planted: Planted[];
  sessions: Session[];
};

const HEADER = /^== (\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}) \| (.+)$/;
const PAUSE = /^\+(\d+)([smh])$/;
const UNIT_SECONDS = { s: 1, m: 60, h: 3600 } as const;

/**
 * The sessions of one chat script.
 *
 * A line `== 2025-03-04 19:22 | June` opens a session, `< ` is a bubble of the contact, `> ` one of
 * the owner, `+5m` lets time pass; without it a bubble follows after a delay that grows with its length.
 *
 * @throws {Error} a line is none of these, a session is out of order, or a bubble is empty
 */
export function parseScript(script: string, file: string): Session[] {
  const sessions: Session[] = [];
  let now = 0;
  let pause = 0;
  script.split("\n").forEach((raw, index) => {
    const line = raw.trimEnd();
    if (line === "" || line.startsWith("#")) return;
    const header = HEADER.exec(line);
    if (header) {
      now = Date.parse(`${header.slice(1, 4).join("-")}T${header[4]}:${header[5]}Z`) / 1000;
      pause = 0;
      sessions.push({ contact: header[6]!.trim(), bubbles: [] });
      return;
    }
    const pauseMatch = PAUSE.exec(line);
    if (pauseMatch) {
      pause += Number(pauseMatch[1]) * UNIT_SECONDS[pauseMatch[2] as "s" | "m" | "h"];
      return;
    }
    const session = sessions.at(-1);
    const text = line.slice(2);
    if (!session || !/^[<>] \S/.test(line))
      throw new Error(`${file}:${index + 1}: not a session, bubble or pause`);
    if (session.bubbles.length > 0) now += pause || typingSeconds(text, index);
    pause = 0;
    session.bubbles.push({ time: now, owner: line[0] === ">", text });
  });
  return sessions;
}

/** Seconds to type a bubble: 3 to 40, longer for longer texts, a little uneven. */
function typingSeconds(text: string, salt: number): number {
  return Math.min(40, 3 + Math.round(text.length / 5) + ((salt * 7919) % 7));
}

/**
 * The persona in a folder: `persona.json` and every `chats/*.txt`, sessions in order of time.
 *
 * @param folder such as `personas/remy`
 */
export async function readPersona(folder: string): Promise<Persona> {
  const about = JSON.parse(await readFile(join(folder, "persona.json"), "utf8")) as Omit<Persona, "sessions">;
  const files = (await readdir(join(folder, "chats"))).filter((name) => name.endsWith(".txt")).sort();
  const sessions: Session[] = [];
  for (const file of files) {
    sessions.push(...parseScript(await readFile(join(folder, "chats", file), "utf8"), file));
  }
  sessions.sort((a, b) => a.bubbles[0]!.time - b.bubbles[0]!.time);
  return { ...about, sessions };
}
