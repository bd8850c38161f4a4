import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_RULES, type Language, type Rules } from "./prompt.js";

const LANGUAGES: readonly Language[] = ["zh", "en"];

/** Where a person may put rules of their own, for chats in Chinese and in any other language. */
export function ruleFiles(project: string): string[] {
  return LANGUAGES.map((language) => fileOf(project, language));
}

/** The rules of a project: its own where it has some, else the ones that come with the program. */
export async function readRules(project: string): Promise<Rules> {
  const rules = { ...DEFAULT_RULES };
  for (const language of LANGUAGES) {
    const own = await readFile(fileOf(project, language), "utf8").catch(() => "");
    if (own.trim() !== "") rules[language] = own;
  }
  return rules;
}

/** Writes the rules that come with the program into a project, to be edited; those that are there stay. */
export async function writeRules(project: string): Promise<string[]> {
  const written: string[] = [];
  for (const language of LANGUAGES) {
    const path = fileOf(project, language);
    const done = await writeFile(path, `${DEFAULT_RULES[language]}\n`, { flag: "wx" }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    );
    if (done) written.push(path);
  }
  return written;
}

function fileOf(project: string, language: Language): string {
  return join(project, `augment.rules.${language}.txt`);
}
