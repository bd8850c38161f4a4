import { checkPersona } from "./check.js";
import { readPersona } from "./read.js";

// node dist/personas/check-main.js personas/<name>: prints what is wrong and the counts; exit 1 if anything is.
const persona = await readPersona(process.argv[2]!);
const own = persona.sessions.flatMap((session) => session.bubbles.filter((bubble) => bubble.owner));
console.log(`${persona.name}: ${persona.sessions.length} sessions, ${own.length} own messages`);
for (const habit of persona.habits) {
  const share = own.filter((bubble) => new RegExp(habit.pattern, "u").test(bubble.text)).length / own.length;
  console.log(`  ${habit.what}: ${(share * 100).toFixed(1)} %`);
}
const wrong = [...new Set(checkPersona(persona))];
for (const line of wrong) console.log(`wrong: ${line}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
