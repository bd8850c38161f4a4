import type { Persona } from "./read.js";

/** What a persona must satisfy to be worth training on; each line is one thing that is wrong. */
export function checkPersona(persona: Persona): string[] {
  const wrong: string[] = [];
  const own = persona.sessions.flatMap((session) => session.bubbles.filter((bubble) => bubble.owner));
  const need = (holds: boolean, what: string): void => void (holds || wrong.push(what));

  need(persona.sessions.length >= 500, `${persona.sessions.length} sessions (at least 500)`);
  need(own.length >= 3000, `${own.length} own messages (at least 3000)`);

  const long = own.map((bubble) => bubble.text).filter((text) => [...text].length > 6);
  const unique = new Set(long).size / Math.max(1, long.length);
  need(unique >= 0.7, `${percent(unique)} of own messages over 6 characters are unique (at least 70 %)`);

  const copies = nearDuplicates(persona) / Math.max(1, persona.sessions.length);
  need(copies < 0.05, `${percent(copies)} of sessions nearly repeat an earlier one (under 5 %)`);

  for (const habit of persona.habits) {
    const pattern = new RegExp(habit.pattern, "u");
    const share = own.filter((bubble) => pattern.test(bubble.text)).length / Math.max(1, own.length);
    need(
      share >= habit.min && share <= habit.max,
      `habit "${habit.what}": ${percent(share)} of own messages (${percent(habit.min)} to ${percent(habit.max)})`,
    );
  }

  const everything = persona.sessions
    .flatMap((session) => session.bubbles.map((bubble) => bubble.text))
    .join("\n");
  for (const { kind, value } of persona.planted)
    need(everything.includes(value), `planted ${kind} is in no chat`);
  const known = new Set(persona.contacts.map((contact) => contact.name));
  for (const session of persona.sessions) {
    need(known.has(session.contact), `unknown contact ${session.contact}`);
    need(
      session.bubbles.some((bubble) => bubble.owner),
      `a session with ${session.contact} has no own message`,
    );
  }
  return wrong;
}

/** Sessions whose character 5-grams overlap an earlier session's by at least half (Jaccard). */
function nearDuplicates(persona: Persona): number {
  const seen: Set<string>[] = [];
  let copies = 0;
  for (const session of persona.sessions) {
    const grams = fiveGrams(session.bubbles.map((bubble) => bubble.text).join("\n"));
    if (seen.some((other) => jaccard(grams, other) >= 0.5)) copies += 1;
    seen.push(grams);
  }
  return copies;
}

function fiveGrams(text: string): Set<string> {
  const grams = new Set<string>();
  for (let at = 0; at + 5 <= text.length; at += 1) grams.add(text.slice(at, at + 5));
  return grams;
}

function jaccard(a: Set<string>, b: Set<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const gram of small) if (large.has(gram)) shared += 1;
  return shared / Math.max(1, a.size + b.size - shared);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
